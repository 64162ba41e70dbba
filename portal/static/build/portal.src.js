// Everything works without this file; it only makes things more comfortable. No eval, nothing inline.
import { createAll } from 'govuk-frontend/dist/govuk/init.mjs'
import { Button } from 'govuk-frontend/dist/govuk/components/button/button.mjs'
import { CharacterCount } from 'govuk-frontend/dist/govuk/components/character-count/character-count.mjs'
import { Checkboxes } from 'govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs'
import { ErrorSummary } from 'govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs'
import { NotificationBanner } from 'govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs'
import { PasswordInput } from 'govuk-frontend/dist/govuk/components/password-input/password-input.mjs'
import { Radios } from 'govuk-frontend/dist/govuk/components/radios/radios.mjs'
import { ServiceNavigation } from 'govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs'
import { SkipLink } from 'govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs'

const components = [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, ServiceNavigation, SkipLink]
const initialised = (element) => element.dataset && Object.keys(element.dataset).some((key) => key.endsWith('Init'))

document.body.classList.add('js-enabled', 'govuk-frontend-supported')

const start = (scope) => components.forEach((component) => createAll(component, undefined, { scope, onError: () => {} }))
start(document)

// Fragments that htmx puts in: the element itself may be a component, so look from its parent.
document.addEventListener('htmx:load', ({ detail: { elt } }) => {
  if (elt === document.body || initialised(elt)) return
  start(elt.parentElement || elt)
})

// A select or checkbox marked data-submit sends its form at once (the button stays for those without script).
document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-submit]') && target.form) target.form.requestSubmit()
})

// Visitors read deadlines in their own time from the next page on: the server knows no other way which it is.
const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone || '')
if (zone && !document.cookie.split('; ').includes(`zone=${zone}`)) {
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`
}

// "Print this page" buttons are hidden until script can serve them.
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

// Forms with files: say how far the upload is. The answer replaces the page as a plain submission would.
document.addEventListener('submit', (event) => {
  const form = event.target
  const bar = form.querySelector('progress[data-upload]')
  if (!bar || event.defaultPrevented || form.dataset.sending) return
  const files = [...form.querySelectorAll('input[type=file]')].some((input) => input.files.length)
  if (!files) return
  event.preventDefault()
  form.dataset.sending = 'yes'
  const data = new FormData(form, event.submitter && event.submitter.name ? event.submitter : undefined)
  const request = new XMLHttpRequest()
  const said = form.querySelector('[data-upload-said]')
  const say = (percent) => { if (said && percent % 10 === 0) said.textContent = said.dataset.uploadSaid.replace('{percent}', percent) }
  const plainly = () => { bar.hidden = true; if (said) said.textContent = ''; delete form.dataset.sending }
  form.querySelector('[data-upload-failed]')?.setAttribute('hidden', '')
  bar.hidden = false
  request.open('POST', form.action)
  request.responseType = 'document'
  request.upload.onprogress = (e) => {
    if (!e.lengthComputable) return
    bar.max = e.total
    bar.value = e.loaded
    say(Math.floor(100 * e.loaded / e.total))
  }
  request.onload = () => {
    const page = request.response
    const isMoving = page?.querySelector('[hx-get]') && !window.htmx
    if (!page?.body || isMoving) { location.assign(request.responseURL || form.action); return }
    history.pushState(null, '', request.responseURL || form.action)
    shown = address()
    document.title = page.title
    document.body.replaceChildren(...page.body.childNodes)
    window.htmx?.process(document.body)
    start(document)
    window.scrollTo(0, 0)
  }
  request.onerror = () => { plainly(); form.querySelector('[data-upload-failed]')?.removeAttribute('hidden') }
  request.send(data)
})
// Going back to the page before the upload. Going to a part of this page, as the skip link does, is no other page.
const address = () => location.pathname + location.search
let shown = address()
window.addEventListener('popstate', () => { if (address() !== shown) location.reload() })
