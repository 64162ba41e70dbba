// Ordered lists whose rows are moved with buttons, and with script by dragging too. Works without this file.
// The macros of templates/_parts/ordering.html write all of this; portal/ordering.py reads what the form sends.
//
//   data-order="ID"          around the list; the same ID on the page that answers. data-order-failed holds the
//                            sentence for when no answer came.
//   data-order-said          within it, role=status: is told what happened (the answer's first notification banner).
//   data-order-problem       within it, role=alert: why a change was refused; filled by the server, or from above.
//   form                     within it, method=post: hidden "seen" for each row, as the page was made.
//   data-order-list          within the form: the ol (or tbody) whose children are the rows.
//   data-order-row="ID"      each row, with a hidden "order" of the same value, so that the form sends the new order.
//   data-order-handle        within a row: what is dragged. Shown by style only where script runs.
//   button name=up, name=down  value=ID: moves the row by one. Other buttons of the form are left alone.
//
// Every change is sent at once by the form itself; the rows of the answered page replace those shown.

const rows = (list) => [...list.querySelectorAll('[data-order-row]')]
const waiting = new WeakMap()
let drag = null

const parts = (box) => ({
  form: box.querySelector('form'),
  list: box.querySelector('[data-order-list]'),
  problem: box.querySelector('[data-order-problem]'),
  said: box.querySelector('[data-order-said]')
})

const tell = (element, text) => { element.textContent = text; element.hidden = !text && element.matches('[data-order-problem]') }

// One after the other: each is made from the page that answered the one before.
const save = (box, button, undo) => {
  const before = waiting.get(box) || Promise.resolve()
  const after = before.then(() => send(box, button)).catch(() => {
    undo()
    tell(parts(box).problem, box.dataset.orderFailed)
  }).finally(() => { if (waiting.get(box) === after) { waiting.delete(box); box.removeAttribute('aria-busy') } })
  waiting.set(box, after)
  box.setAttribute('aria-busy', 'true')
}

const send = async (box, button) => {
  const { form } = parts(box)
  const body = new FormData(form)
  if (button) body.append(button.name, button.value)
  const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(body), credentials: 'same-origin' })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.querySelector(`[data-order="${CSS.escape(box.dataset.order)}"]`)
  if (!fresh) throw new Error('the answer holds no list')
  show(box, page, fresh, button)
}

const show = (box, page, fresh, button) => {
  const shown = parts(box)
  const come = parts(fresh)
  const focused = button || document.activeElement.closest('[data-order-list] button')
  shown.form.replaceChildren(...come.form.childNodes)
  tell(shown.problem, come.problem.textContent.trim())
  tell(shown.said, page.querySelector('.govuk-notification-banner__content')?.textContent.trim() || '')
  if (focused) focusAgain(box, focused)
}

// The first row has no "up" and the last no "down": then the row's other button.
const focusAgain = (box, button) => {
  const value = CSS.escape(button.value)
  const same = box.querySelector(`button[name="${button.name}"][value="${value}"]`)
  const next = same || box.querySelector(`button[name=up][value="${value}"], button[name=down][value="${value}"]`)
  if (next) next.focus()
}

document.addEventListener('submit', (event) => {
  const box = event.target.closest('[data-order]')
  const button = event.submitter
  if (!box || !button || !['up', 'down'].includes(button.name)) return
  event.preventDefault()
  save(box, { name: button.name, value: button.value }, () => {})
})

document.addEventListener('pointerdown', (event) => {
  const handle = event.target.closest('[data-order-handle]')
  const box = handle && handle.closest('[data-order]')
  if (!box || event.button !== 0 || drag || box.hasAttribute('aria-busy')) return
  event.preventDefault()
  const { list } = parts(box)
  const row = handle.closest('[data-order-row]')
  drag = { box, list, row, pointer: event.pointerId, was: rows(list) }
  handle.setPointerCapture(event.pointerId)
  row.classList.add('portal-order__row--moving')
})

document.addEventListener('pointermove', (event) => {
  if (!drag || event.pointerId !== drag.pointer) return
  const { list, row } = drag
  const others = rows(list).filter((each) => each !== row)
  const next = others.find((each) => event.clientY < middle(each))
  if ((next || null) !== row.nextElementSibling) list.insertBefore(row, next || null)
  if (event.clientY < 60) window.scrollBy(0, -12)
  if (event.clientY > window.innerHeight - 60) window.scrollBy(0, 12)
})

const middle = (row) => { const { top, height } = row.getBoundingClientRect(); return top + height / 2 }

const drop = (event, keep) => {
  if (!drag || (event.pointerId !== undefined && event.pointerId !== drag.pointer)) return
  const { box, list, row, was } = drag
  drag = null
  row.classList.remove('portal-order__row--moving')
  const back = () => list.replaceChildren(...was)
  if (!keep) back()
  else if (rows(list).some((each, place) => each !== was[place])) save(box, null, back)
}

document.addEventListener('pointerup', (event) => drop(event, true))
document.addEventListener('pointercancel', (event) => drop(event, false))
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && drag) drop({}, false) })
