// The page where a host ranks candidates (templates/rankings/desk.html). Works without this file: it only shows the
// weighted sums while marks are typed, and asks before a page with unsaved changes is left.

const form = document.querySelector('form[data-ranking]')

const sum = (row) => {
  const marks = [...row.querySelectorAll('input[data-weight]')]
  const shown = row.querySelector('[data-total]')
  if (!shown || !marks.length) return
  const values = marks.map((mark) => Number(mark.value))
  const whole = values.every((value) => Number.isInteger(value) && value >= 1 && value <= 10)
  const hundredths = marks.reduce((sofar, mark, place) => sofar + values[place] * Number(mark.dataset.weight), 0)
  const tenths = Math.floor((hundredths + 5) / 10)
  const written = (tenths / 10).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1 })
  shown.textContent = whole ? written : '–'
}

if (form) {
  let unsaved = form.querySelector('.govuk-error-message') !== null
  form.addEventListener('input', (event) => {
    unsaved = true
    sum(event.target.closest('.portal-rank__row') || form)
  })
  form.addEventListener('submit', () => { unsaved = false })
  window.addEventListener('beforeunload', (event) => { if (unsaved) event.preventDefault() })
}
