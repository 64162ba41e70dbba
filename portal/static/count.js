// How much of a limit a text uses, said while it is typed, by the same rules as portal/lengths.py on the server.
// The macro of templates/_parts/counting.html writes the attributes. Works without this file.

// What the server takes off both ends, and what it takes for the space between words.
const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const ENDS = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g')
const BETWEEN = new RegExp(`${SPACE}+`)
const A_WORD = /[\p{L}\p{N}]/u

const EXTENDS = /[\p{M}\p{Cf}\p{Cc}\u{1f3fb}-\u{1f3ff}\u1160-\u11ff\ud7b0-\ud7ff]/u
const A_SPACE = new RegExp(SPACE)

// What a reader calls a character, without spaces.
const graphemes = (text) => {
  let count = 0
  let before = ''
  let flagOpen = false
  for (const c of text) {
    const isFlag = c >= '\u{1f1e6}' && c <= '\u{1f1ff}'
    const closes = isFlag && flagOpen
    flagOpen = isFlag && !flagOpen
    if (!(closes || EXTENDS.test(c) || A_SPACE.test(c) || before === '\u200d')) count += 1
    before = c
  }
  return count
}
const counts = {
  characters: (text) => [...text].length,
  words: (text) => text.split(BETWEEN).filter((token) => A_WORD.test(token)).length,
  graphemes
}

// Of one text, or of several together whose language decides: a select, or radios in a box of that attribute.
const BOXES = '[data-count], [data-count-rules]'
const languageOf = (box) => box.querySelector('select[data-count-language], [data-count-language] :checked')
const ruleOf = (box) => box.dataset.countRules
  ? JSON.parse(box.dataset.countRules)[languageOf(box)?.value]
  : { unit: box.dataset.count, least: 0, most: Number(box.dataset.countMost), used: box.dataset.countUsed }
const pauses = new WeakMap()

const tell = (box) => {
  const rule = ruleOf(box)
  if (!rule) return ''
  const texts = [...box.querySelectorAll('textarea')].map((area) => area.value.normalize('NFC').replace(ENDS, ''))
  const count = texts.reduce((sum, text) => sum + counts[rule.unit](text), 0)
  const shown = box.querySelector('[data-count-shown]')
  shown.hidden = false
  box.querySelector('[data-count-saved]')?.setAttribute('hidden', '')
  shown.textContent = rule.used.replace('{count}', count)
  shown.classList.toggle('govuk-error-message', count > rule.most)
  return shown.textContent
}

for (const box of document.querySelectorAll(BOXES)) tell(box)

// Shown at once, said after a pause, so that a screen reader is not interrupted at every letter.
document.addEventListener('input', ({ target }) => {
  const box = target.closest(BOXES)
  if (!box) return
  const told = tell(box)
  clearTimeout(pauses.get(box))
  pauses.set(box, setTimeout(() => { box.querySelector('[data-count-said]').textContent = told }, 1000))
})
