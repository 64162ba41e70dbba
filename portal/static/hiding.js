// Passages that judges do not see, chosen by selecting them. The page works without this file: words can be typed.
// templates/screening/hiding.html writes all of this; portal/screening/forms.py reads what the form sends.
//
//   data-hiding              around everything
//   data-hiding-shown        within it: shown only where this script runs (one of them is the form)
//   data-hiding-part="text"  the exact text of a part. It takes a caret, so that keys can select, but no typing.
//   data-hiding-said         within the form: a sentence with {words}, told when something is selected
//
// The form's "passages" becomes "text:12-20": characters of the part, counted as Python counts them (code points).

const box = document.querySelector('[data-hiding]')
const form = box && box.querySelector('form')
const length = (text) => [...text].length

const partOf = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest('[data-hiding-part]')

// What is selected, if it lies in one part.
const selected = () => {
  const selection = document.getSelection()
  if (!selection.rangeCount || selection.isCollapsed) return null
  const range = selection.getRangeAt(0)
  const part = partOf(range.startContainer)
  if (!part || part !== partOf(range.endContainer)) return null
  const before = document.createRange()
  before.selectNodeContents(part)
  before.setEnd(range.startContainer, range.startOffset)
  const words = range.toString()
  const begins = length(before.toString())
  return words ? { passage: `${part.dataset.hidingPart}:${begins}-${begins + length(words)}`, words } : null
}

// A caret without typing: what a browser or an input method does to the text all the same is undone.
const readable = (part) => {
  const kept = part.cloneNode(true)
  part.contentEditable = 'true'
  part.spellcheck = false
  part.setAttribute('role', 'textbox')
  part.setAttribute('aria-multiline', 'true')
  part.setAttribute('aria-readonly', 'true')
  for (const kind of ['beforeinput', 'paste', 'cut', 'drop', 'dragstart']) part.addEventListener(kind, (event) => event.preventDefault())
  part.addEventListener('input', () => part.replaceChildren(...kept.cloneNode(true).childNodes))
}

if (form) {
  const said = form.querySelector('[data-hiding-said]')
  const field = form.querySelector('[name=passages]')
  for (const each of box.querySelectorAll('[data-hiding-shown]')) each.hidden = false
  for (const part of box.querySelectorAll('[data-hiding-part]')) readable(part)
  // The last selection stays chosen when the button takes the focus.
  document.addEventListener('selectionchange', () => {
    const found = selected()
    if (!found || found.passage === field.value) return
    field.value = found.passage
    said.textContent = said.dataset.hidingSaid.replace('{words}', () => found.words)
  })
}
