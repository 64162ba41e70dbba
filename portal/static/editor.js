// The essay editor (templates/essays/text.html): no word is lost when the network drops or the window closes.
// Works without this file: then the text is saved by the button alone.
//
//   data-editor="ADDRESS"   the form; what is typed is sent to ADDRESS some seconds after the last key.
//   data-editor-key         names the person and the essay: copies in this browser are kept under it.
//   data-editor-typed       the fields hold what was typed and could not be saved, not what the server has.
//   data-editor-words       the sentences, as JSON.
//   data-editor-said        within it, role=status: whether everything is saved.
//   data-editor-choice      within it: shown when another window wrote on; its button sends the form as it is.
//   data-editor-note        within it: what is kept in this browser, and for how long.
//   data-kept="KEY"         on other pages: forgets the copies of an essay that was sent, or, with
//   data-kept-text          within it: shows the one that came too late.
//
// Every change is kept in this browser at once, and forgotten as soon as the server has it.

import { namesOf, pauseAfter, recall, sendForm, throwOutOld, timeOfDay, withStorage } from './keeping.js'
import { cleaned, fromHtml, tidied } from './paragraphs.js'

const AFTER = 2500 // milliseconds after the last key
const AT_LEAST = 15000 // while somebody types without a pause
const PREFIX = 'essay '
const WRITTEN = ['title', 'text', 'notes']

// What is kept in this browser

const copies = (key) => namesOf(`${PREFIX}${key} `)
const newest = (key) => copies(key).map((name) => ({ name, ...recall(name) })).sort((a, b) => b.at - a.at)

const randomId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

class Editor {
  constructor (form) {
    this.form = form
    this.key = form.dataset.editorKey
    this.words = JSON.parse(form.dataset.editorWords)
    this.sitting = randomId()
    this.own = `${PREFIX}${this.key} ${this.sitting}`
    this.began = { version: form.elements.version.value, began: form.elements.began.value }
    this.fields = ['theme_id', 'language', ...WRITTEN]
    this.isDirty = false
    this.isOvertaken = false
    this.failures = 0
    this.sending = null
  }

  start () {
    this.form.querySelector('[data-editor-note]').hidden = false
    this.restore()
    this.form.addEventListener('input', () => this.changed())
    this.form.addEventListener('submit', (event) => this.submitted(event))
    window.addEventListener('online', () => this.send())
    window.addEventListener('offline', () => { if (this.isDirty) this.say(this.words.offline) })
    window.addEventListener('pagehide', () => this.send({ leaving: true }))
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.send({ leaving: true }) })
    for (const name of ['text', 'notes']) this.form.elements[name].addEventListener('paste', (event) => pasted(event))
  }

  read () {
    const sent = new FormData(this.form)
    return Object.fromEntries(this.fields.map((name) => [name, String(sent.get(name) ?? '').replaceAll('\r\n', '\n')]))
  }

  fill (values) {
    for (const field of this.form.querySelectorAll('[name]')) {
      if (field.type === 'radio') field.checked = field.value === values[field.name]
      else if (WRITTEN.includes(field.name)) field.value = values[field.name]
    }
    this.form.elements.text.dispatchEvent(new Event('input', { bubbles: true })) // for the count
  }

  say (text) {
    const said = this.form.querySelector('[data-editor-said]')
    if (said.textContent !== text) said.textContent = text
  }

  begin (version, began) {
    this.began = { version: String(version), began }
    this.form.elements.version.value = version
    this.form.elements.began.value = began
  }

  // A copy from before: the sentence at which the window closed stands there again.
  restore () {
    const here = { ...this.began }
    const copy = withStorage(() => { throwOutOld(PREFIX); return this.latest() }, null)
    if (!copy) return this.form.dataset.editorTyped !== undefined && this.changed()
    this.began = { version: copy.version, began: copy.began }
    this.fill(copy.values)
    this.keep()
    withStorage(() => localStorage.removeItem(copy.name))
    this.begin(copy.version, copy.began)
    if (copy.version !== here.version && copy.began !== here.began) return this.overtaken()
    this.begin(here.version, here.began)
    this.say(this.words.restored)
    return this.send()
  }

  // The newest that the server does not have; those that it has are forgotten.
  latest () {
    const isTyped = this.form.dataset.editorTyped !== undefined
    const isChosen = new URLSearchParams(location.search).has('chosen')
    if (isChosen) history.replaceState(null, '', location.pathname)
    const found = newest(this.key).filter((copy) => {
      const isKnown = isChosen || this.isSame(copy.values)
      if (isKnown && !isTyped) localStorage.removeItem(copy.name)
      return !isKnown
    })
    return isTyped ? null : found[0]
  }

  isSame (values) {
    const here = this.read()
    return this.fields.every((name) => WRITTEN.includes(name)
      ? tidied(values[name]).trim() === tidied(here[name]).trim()
      : values[name] === here[name])
  }

  keep () {
    this.isDirty = true
    const copy = { ...this.began, values: this.read(), at: Date.now() }
    return withStorage(() => { localStorage.setItem(this.own, JSON.stringify(copy)); return true }, false)
  }

  changed () {
    const isKept = this.keep()
    if (this.isOver) return
    this.say(!isKept ? this.words.unkept : this.isOvertaken ? this.words.overtaken : navigator.onLine ? this.words.unsaved : this.words.offline)
    this.firstChange = this.firstChange || Date.now()
    this.later(Math.min(AFTER, Math.max(0, this.firstChange + AT_LEAST - Date.now())))
  }

  later (pause) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.send(), pause)
  }

  // One after the other; a window that closes does not wait for the answer to what it sent before.
  async send ({ leaving = false } = {}) {
    if (!this.isDirty || this.isOvertaken || this.isOver) return
    if (this.sending && !leaving) return this.sending
    clearTimeout(this.timer)
    this.firstChange = null
    this.sending = this.post(this.read()).finally(() => { this.sending = null })
    return this.sending
  }

  async post (values) {
    let answer = null
    try {
      answer = await sendForm(this.form.dataset.editor, { ...values, ...this.began, sitting: this.sitting })
      await this.answered(answer, values)
    } catch {
      this.failed(this.words.offline)
    }
    return answer
  }

  async answered (answer, values) {
    if (answer.ok) return this.saved(await answer.json(), values)
    if (answer.status === 401) return this.failed(this.words.signedOut)
    if (answer.status !== 409 && answer.status !== 422) return this.failed(this.words.failed)
    const told = await answer.json()
    if (told.is_overtaken) return this.overtaken()
    this.isOver = answer.status === 409
    this.say(`${told.why} ${this.words.kept}`)
  }

  saved ({ version, began, at }, values) {
    this.failures = 0
    this.begin(version, began)
    if (JSON.stringify(values) !== JSON.stringify(this.read())) return this.changed()
    this.isDirty = false
    withStorage(() => localStorage.removeItem(this.own))
    this.say(this.words.saved.replace('{time}', timeOfDay(new Date(at))))
  }

  failed (sentence) {
    this.failures += 1
    this.say(sentence)
    this.later(pauseAfter(this.failures))
  }

  overtaken () {
    this.isOvertaken = true
    this.isDirty = true
    this.say(this.words.overtaken)
    this.form.querySelector('[data-editor-choice]').hidden = false
  }

  // What is typed is sent first, so that a page that cannot be reached costs nothing.
  async submitted (event) {
    if (this.isSure || this.isOvertaken || !this.isDirty) return
    event.preventDefault()
    const button = event.submitter
    if (this.sending) await this.sending
    const answer = await this.send()
    if (this.isDirty && (!answer || answer.status === 401)) return
    this.isSure = true
    this.form.requestSubmit(button)
  }
}

// Pasting

const edge = (space) => space.includes('\n') ? (/\n\s*\n/.test(space) ? '\n\n' : '\n') : space && ' '

const pasted = (event) => {
  const area = event.target
  const plain = event.clipboardData.getData('text/plain')
  const html = event.clipboardData.getData('text/html')
  if (!plain && !html) return
  const isRich = area.name === 'text' && /<(p|div|li|br|h[1-6]|tr)\b/i.test(html)
  const clean = isRich ? fromHtml(html) : area.name === 'text' ? cleaned(plain) : tidied(plain)
  const [, before, after] = /^(\s*)[^]*?(\s*)$/.exec(plain)
  const text = clean && edge(before) + clean + edge(after)
  if (text === plain || !text) return
  event.preventDefault()
  // insertText can be undone; where it is not known, the text is put in all the same.
  if (document.execCommand('insertText', false, text)) return
  area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end')
  area.dispatchEvent(new Event('input', { bubbles: true }))
}

for (const form of document.querySelectorAll('form[data-editor]')) new Editor(form).start()

for (const box of document.querySelectorAll('[data-kept]')) {
  withStorage(() => {
    const shown = box.querySelector('[data-kept-text]')
    const copy = newest(box.dataset.kept)[0]
    if (!shown) for (const name of copies(box.dataset.kept)) localStorage.removeItem(name)
    else if (copy) [shown.textContent, box.hidden] = [WRITTEN.map((name) => copy.values[name]).filter(Boolean).join('\n\n'), false]
  })
}
