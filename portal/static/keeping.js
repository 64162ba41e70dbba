// What pages share that save by themselves (editor.js, marks.js): copies in this browser for as long as the server
// does not have them, patience with a slow connection, and pauses between attempts.

const PATIENCE = 20000 // milliseconds for an answer
const SHORTEST = 2500 // between two attempts
const LONGEST = 60000
const KEEPALIVE = 60000 // bytes that a browser still sends when its window has closed
const STALE = 30 * 24 * 3600 * 1000

export const withStorage = (action, otherwise) => { try { return action() } catch { return otherwise } }
export const recall = (name) => { try { return JSON.parse(localStorage.getItem(name)) } catch { return null } }
export const namesOf = (prefix) => Object.keys(localStorage).filter((name) => name.startsWith(prefix))

export const throwOutOld = (prefix) => {
  for (const name of namesOf(prefix)) {
    const copy = recall(name)
    if (!copy || Date.now() - copy.at > STALE) localStorage.removeItem(name)
  }
}

// The answer, or an exception when none came in time. Small bodies are still sent when the window closes.
export const sendForm = async (address, values, headers = {}) => {
  const body = new FormData()
  for (const [name, value] of Object.entries(values)) body.append(name, value)
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE)
  const keepalive = new Blob(Object.values(values)).size < KEEPALIVE
  try {
    return await fetch(address, { method: 'POST', body, headers, keepalive, signal: patience.signal })
  } finally {
    clearTimeout(timer)
  }
}

export const pauseAfter = (failures) => Math.min(LONGEST, SHORTEST * 2 ** (failures - 1))

export const timeOfDay = (at) => new Intl.DateTimeFormat(
  document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
).format(at)
