// How much of a limit a text uses, said while it is typed, by the same rules as portal/lengths.py on the server.
// The macro of templates/_parts/counting.html writes the attributes. Works without this file.

// What the server takes off both ends, and what it takes for the space between words.
const SPACE = '[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const ENDS = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g')
const BETWEEN = new RegExp(`${SPACE}+`)
const A_WORD = /[\p{L}\p{N}]/u

const counts = {
  characters: (text) => [...text].length,
  words: (text) => text.split(BETWEEN).filter((token) => A_WORD.test(token)).length
}
const pauses = new WeakMap()

const tell = (box) => {
  const text = box.querySelector('textarea').value.normalize('NFC').replace(ENDS, '')
  const count = counts[box.dataset.count](text)
  const shown = box.querySelector('[data-count-shown]')
  shown.hidden = false
  shown.textContent = box.dataset.countUsed.replace('{count}', count)
  shown.classList.toggle('govuk-error-message', count > Number(box.dataset.countMost))
  return shown.textContent
}

for (const box of document.querySelectorAll('[data-count]')) tell(box)

// Shown at once, said after a pause, so that a screen reader is not interrupted at every letter.
document.addEventListener('input', ({ target }) => {
  const box = target.closest('[data-count]')
  if (!box) return
  const told = tell(box)
  clearTimeout(pauses.get(box))
  pauses.set(box, setTimeout(() => { box.querySelector('[data-count-said]').textContent = told }, 1000))
})
