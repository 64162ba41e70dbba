// Text from a word processor, a mail or a PDF as paragraphs, by the same rules as portal/essays/paragraphs.py.

const UNSEEN = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g
const SPACES = /[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f]+/g
const BULLET = /^(?:[•‣◦⁃∙▪▫●○■□◆◇➢✓·\uf0b7\uf0a7\uf0d8\uf0fc][^\S\n]*|o\t[^\S\n]*)(?=\S)/gm
const MARKED = /^(?:[•*–—-]|\d{1,3}[.)]|\(\d{1,3}\))\s/
const ENDS = '.!?。！？…:：;；»”"\'」』）)'
const [NARROWEST, WIDEST, LEAST_OF_TWO, FULL] = [30, 110, 45, 0.85]

const DENSE = /[\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u{20000}-\u{3ffff}]/u
const EMOJI = /[\ufe0f\p{So}\p{Sk}]/u
const MONGOLIAN = /[\u1800-\u18af]/
const LETTER = /\p{L}/u

const first = (text) => [...text.slice(0, 2)][0] || ''
const last = (text) => [...text.slice(-2)].pop() || ''
const width = (line) => [...line].reduce((sum, c) => sum + (DENSE.test(c) || /[\uac00-\ud7a3]/.test(c) ? 2 : 1), 0)

const joiner = (found, place, text) => {
  const [before, after] = [last(text.slice(0, place)), first(text.slice(place + 1))]
  const emoji = found === '\u200d' && EMOJI.test(before) && EMOJI.test(after)
  return emoji || MONGOLIAN.test(before) || MONGOLIAN.test(after) ? found : ''
}
const oneSpace = (found, place, text) => found === '\u202f' && MONGOLIAN.test(text.charAt(place - 1)) ? found : ' '

// The same words and lines, without what cannot be seen and without needless space.
export const tidied = (text) => text.replace(/\r\n|[\r\v\f\x85\u2028\u2029]/g, '\n').normalize('NFC')
  .replace(/[\u200c\u200d]/g, joiner).replace(UNSEEN, '').replace(BULLET, '• ')
  .split('\n').map((line) => line.replace(SPACES, oneSpace).replace(/^ +| +$/g, '').replace(/\u3000+$/, '')).join('\n')
  .replace(/\n{3,}/g, '\n\n').replace(/^\n+|\n+$/g, '')

const goesOn = (before, after) => Boolean(before) && !ENDS.includes(last(before)) && !/^\p{Lu}/u.test(after) && !MARKED.test(after)

const isFull = (before, after, widest) => {
  const word = DENSE.test(first(after)) ? first(after) : after.split(' ', 1)[0]
  return width(before) + 1 + width(word) > FULL * widest
}

const isWrapped = (lines) => {
  const widest = Math.max(...lines.map(width))
  const pairs = lines.slice(1).map((line, place) => [lines[place], line])
  if (!pairs.length || widest < NARROWEST || widest > WIDEST) return false
  if (pairs.length === 1) return widest >= LEAST_OF_TWO && width(lines[0]) >= FULL * widest && goesOn(...pairs[0])
  const full = pairs.every(([before, after]) => MARKED.test(after) || isFull(before, after, widest))
  return full && 2 * pairs.filter((pair) => goesOn(...pair)).length >= pairs.length
}

const between = (before, after) => {
  const hyphenated = /\p{L}[-‐]$/u.test(before) && LETTER.test(first(after))
  return hyphenated || DENSE.test(last(before)) || DENSE.test(first(after)) ? '' : ' '
}

const unwrapped = (block) => {
  const lines = block.split('\n')
  if (!isWrapped(lines)) return block
  return lines.slice(1).reduce((joined, line) => joined + (MARKED.test(line) ? '\n' : between(joined, line)) + line, lines[0])
}

// And lines that a program has broken are joined to the paragraphs they were.
export const cleaned = (text) => tidied(text).split('\n\n').map(unwrapped).join('\n\n')

// A page of a word processor: every block is a paragraph, whatever its source looks like.
const BLOCKS = new Set(['P', 'DIV', 'LI', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'BLOCKQUOTE', 'TR', 'UL', 'OL', 'TABLE', 'SECTION', 'ARTICLE', 'DT', 'DD'])
const LEFT_OUT = new Set(['STYLE', 'SCRIPT', 'HEAD', 'TITLE', 'META', 'LINK', 'IMG', 'OBJECT', 'TEMPLATE'])

const textOf = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/[ \t\r\n]+/g, ' ')
  if (node.nodeType !== Node.ELEMENT_NODE || LEFT_OUT.has(node.tagName)) return ''
  if (node.tagName === 'BR') return '\n'
  if (/mso-list:\s*ignore/i.test(node.dataset?.style || '')) return '• '
  if (node.tagName === 'PRE') return `\n\n${node.textContent}\n\n`
  const inside = [...node.childNodes].map(textOf).join('')
  if (!BLOCKS.has(node.tagName)) return node.tagName === 'TD' ? `${inside} ` : inside
  return node.tagName === 'LI' ? `\n• ${inside.trim()}\n` : `\n\n${inside.trim()}\n\n`
}

// `html` is only read: nothing in it is run, loaded or shown. Its styles are no styles here, or the browser would complain.
const unstyled = (html) => html.replace(/<style\b[^]*?<\/style\s*>/gi, '')
  .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, ' data-$1='))
export const fromHtml = (html) => tidied(textOf(new DOMParser().parseFromString(unstyled(html), 'text/html').body))
