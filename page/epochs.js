/** The epoch shown: slider, play, keys and readout. */

const framesPerSecond = 8

/** Calls show(epoch) at once and whenever another one is shown. */
export function epochControls(epochs, show) {
  const [slider, play, readout] = ['epoch', 'play', 'readout'].map((id) => document.getElementById(id))
  let timer = 0

  function go(index) {
    slider.value = String(Math.max(0, Math.min(epochs.length - 1, index)))
    const text = `epoch ${epochs[slider.value].toLocaleString('en')}`
    readout.textContent = text
    slider.setAttribute('aria-valuetext', text)
    show(epochs[slider.value])
  }

  function stop() {
    clearInterval(timer)
    timer = 0
    play.setAttribute('aria-pressed', 'false')
    play.textContent = '▶ Play'
  }

  function start() {
    if (Number(slider.value) === epochs.length - 1) go(0)
    play.setAttribute('aria-pressed', 'true')
    play.textContent = '❚❚ Pause'
    timer = setInterval(() => {
      go(Number(slider.value) + 1)
      if (Number(slider.value) === epochs.length - 1) stop()
    }, 1000 / framesPerSecond)
  }

  slider.addEventListener('input', () => go(Number(slider.value)))
  play.addEventListener('click', () => (timer ? stop() : start()))
  document.addEventListener('keydown', (event) => {
    if (event.target !== slider && event.target.closest('input, summary, button, [data-cloud], .scrolls')) return
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const index = Number(slider.value)
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: epochs.length - 1 }[event.key]
    if (event.key === ' ') timer ? stop() : start()
    else if (to === undefined) return
    else {
      stop()
      go(to)
    }
    event.preventDefault()
  })
  go(Number(slider.value))
}
