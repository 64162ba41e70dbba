// A judge's marks (templates/judging/read.html, desk.html): each is saved at once, and none is lost with the network.
// Works without this file: then the button saves.
//
//   data-marks="ADDRESS"     the form; what changes is sent to ADDRESS, field by field, as {given, of} or {why} in JSON.
//   data-marks-key           names the reading: what the server does not have yet is kept in this browser under it.
//   data-marks-typed         the fields hold what was typed and could not be saved, not what the server has.
//   data-marks-words         the sentences, as JSON.
//   data-marks-said          within it, role=status: whether everything is saved.
//   data-marks-note          within it: what is kept in this browser, and for how long.
//   data-marks-done="KEY"    on the page of a reading that was submitted: what was kept is forgotten.
//   data-marks-late="KEY"    on one whose time has passed: data-marks-late-list within it is told what came too late;
//                            data-marks-late-names maps fields to what they are called.
//   data-marks-desk          on the desk, role=status: what is kept of any reading is sent. Has data-marks-words too.
//
// Only what the judge gave is kept, never the essay. Of two windows the last change of a field wins.

import { namesOf, pauseAfter, recall, sendForm, throwOutOld, timeOfDay, withStorage } from './keeping.js'

const AFTER = 2500 // milliseconds after the last key
const AT_ONCE = 300 // after a point was chosen: arrow keys pass over some
const PREFIX = 'marks '
const WRITTEN = ['comment', 'private_note']

const keptOf = (name) => withStorage(() => recall(name)?.values ?? {}, {})

const keep = (name, values) => withStorage(() => {
  localStorage.setItem(name, JSON.stringify({ values: { ...keptOf(name), ...values }, at: Date.now() }))
  return true
}, false)

// Another window may have changed a field meanwhile: that stays.
const forget = (name, sent) => withStorage(() => {
  const left = Object.entries(keptOf(name)).filter(([field, value]) => sent[field] !== value)
  if (left.length) localStorage.setItem(name, JSON.stringify({ values: Object.fromEntries(left), at: Date.now() }))
  else localStorage.removeItem(name)
})

// Points together, each text by itself: a comment that is too long holds up nothing else.
const parts = (values) => {
  const points = Object.fromEntries(Object.entries(values).filter(([field]) => !WRITTEN.includes(field)))
  const texts = WRITTEN.filter((field) => field in values).map((field) => ({ [field]: values[field] }))
  return Object.keys(points).length ? [points, ...texts] : texts
}

const post = (address, values) => sendForm(address, values, { accept: 'application/json' })

class Marks {
  constructor (form) {
    this.form = form
    this.name = `${PREFIX}${form.dataset.marksKey}`
    this.words = JSON.parse(form.dataset.marksWords)
    this.pending = {}
    this.refused = new Set()
    this.failures = 0
    this.sending = null
    this.isKept = true
  }

  start () {
    this.form.querySelector('[data-marks-note]').hidden = false
    this.restore()
    this.form.addEventListener('input', ({ target }) => this.changed(target, WRITTEN.includes(target.name) ? AFTER : AT_ONCE))
    this.form.addEventListener('change', ({ target }) => { if (WRITTEN.includes(target.name) && this.isDirty()) this.later(AT_ONCE) })
    this.form.addEventListener('submit', (event) => this.submitted(event))
    window.addEventListener('online', () => this.send())
    window.addEventListener('offline', () => { if (this.isDirty()) this.say(this.words.offline) })
    window.addEventListener('pagehide', () => this.leave())
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.leave() })
  }

  read () {
    return Object.fromEntries([...new FormData(this.form)].map(([name, value]) => [name, value.replaceAll('\r\n', '\n')]))
  }

  restore () {
    const here = this.read()
    const isTyped = this.form.dataset.marksTyped !== undefined
    withStorage(() => throwOutOld(PREFIX))
    const kept = isTyped ? here : keptOf(this.name)
    this.pending = Object.fromEntries(Object.entries(kept).filter(([field, value]) => isTyped || here[field] !== value))
    if (!this.isDirty()) return forget(this.name, kept)
    this.fill(this.pending)
    this.isKept = keep(this.name, this.pending)
    if (!isTyped) this.say(this.words.restored)
    return this.send()
  }

  fill (values) {
    for (const field of this.form.querySelectorAll('[name]')) {
      if (!(field.name in values)) continue
      if (field.type === 'radio') field.checked = field.value === values[field.name]
      else field.value = values[field.name]
    }
  }

  say (text) {
    const said = this.form.querySelector('[data-marks-said]')
    if (said.textContent !== text) said.textContent = text
  }

  isDirty () { return Object.keys(this.pending).length > 0 }

  changed ({ name }, pause) {
    if (!name || this.isOver) return
    this.pending[name] = this.read()[name]
    this.refused.delete(name)
    this.isKept = keep(this.name, { [name]: this.pending[name] })
    this.say(!this.isKept ? this.words.unkept : navigator.onLine ? this.words.unsaved : this.words.offline)
    this.later(pause)
  }

  later (pause) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.send(), pause)
  }

  waiting () {
    return parts(Object.fromEntries(Object.entries(this.pending).filter(([field]) => !this.refused.has(field))))
  }

  async send () {
    if (this.isOver) return
    if (this.sending) return this.sending
    clearTimeout(this.timer)
    this.sending = this.sendAll().finally(() => { this.sending = null })
    await this.sending
  }

  // One part after the other; what changes meanwhile is a part of its own.
  async sendAll () {
    this.hasFailed = false
    for (let next = this.waiting(); next.length && !this.hasFailed && !this.isOver; next = this.waiting()) await this.sendPart(next[0])
    if (!this.isDirty()) this.say(this.words.saved.replace('{time}', timeOfDay(new Date())))
  }

  async sendPart (values) {
    try {
      await this.answered(await post(this.form.dataset.marks, values), values)
    } catch {
      this.failed(this.words.offline)
    }
  }

  async answered (answer, values) {
    if (answer.ok) return this.confirmed(values)
    if (answer.status === 401) return this.failed(this.words.signedOut)
    if (answer.status !== 409 && answer.status !== 422) return this.failed(this.words.failed)
    const { why } = await answer.json()
    this.isOver = answer.status === 409
    for (const field of Object.keys(values)) this.refused.add(field)
    this.say(`${why} ${this.words.kept}`)
  }

  confirmed (values) {
    this.failures = 0
    for (const [field, value] of Object.entries(values)) if (this.pending[field] === value) delete this.pending[field]
    forget(this.name, values)
  }

  failed (sentence) {
    this.failures += 1
    this.hasFailed = true
    this.say(this.isKept ? sentence : this.words.unkept)
    this.later(pauseAfter(this.failures))
  }

  // A window that closes waits for no answer: what was not confirmed stays kept, and comes again.
  leave () {
    if (!this.isOver) for (const values of this.waiting()) post(this.form.dataset.marks, values).then(({ ok }) => { if (ok) this.confirmed(values) }, () => {})
  }

  // What changed is sent first, so that a page that cannot be reached costs nothing.
  async submitted (event) {
    if (this.isSure || (!this.isDirty() && navigator.onLine)) return
    event.preventDefault()
    const button = event.submitter
    await this.sending
    await this.send()
    if (!navigator.onLine) this.say(this.words.offline)
    if (this.hasFailed || !navigator.onLine) return
    this.isSure = true
    this.form.requestSubmit(button)
    this.isSure = false
  }
}

for (const form of document.querySelectorAll('form[data-marks]')) new Marks(form).start()

for (const box of document.querySelectorAll('[data-marks-done]')) {
  withStorage(() => localStorage.removeItem(`${PREFIX}${box.dataset.marksDone}`))
}

for (const box of document.querySelectorAll('[data-marks-late]')) {
  const names = JSON.parse(box.dataset.marksLateNames)
  const kept = Object.entries(keptOf(`${PREFIX}${box.dataset.marksLate}`))
  const lines = kept.filter(([field]) => field in names).map(([field, value]) => `${names[field]}: ${value}`)
  if (lines.length) [box.querySelector('[data-marks-late-list]').textContent, box.hidden] = [lines.join('\n'), false]
}

const sendKept = async (box) => {
  const words = JSON.parse(box.dataset.marksWords)
  let hasSent = false
  for (const name of withStorage(() => { throwOutOld(PREFIX); return namesOf(PREFIX) }, [])) {
    for (const values of parts(keptOf(name))) {
      const answer = await post(`/judging/${name.slice(PREFIX.length)}`, values).catch(() => null)
      if (!answer) return void (box.textContent = words.offline)
      if (answer.ok) [hasSent] = [true, forget(name, values)]
    }
  }
  if (hasSent) box.textContent = words.sent
}

for (const box of document.querySelectorAll('[data-marks-desk]')) sendKept(box)
