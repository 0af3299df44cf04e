/** The page: every figure follows the epoch that is shown. */
import { curvesOver, tipBox } from './curves.js'
import { epochControls } from './epochs.js'
import { histogramOver } from './histograms.js'
import { scatterOver } from './scatter.js'
import { tableUnder } from './tables.js'
import { toggles } from './toggles.js'

const data = JSON.parse(document.getElementById('data').textContent)
const tip = tipBox()
const { shown, change } = toggles(data.figures)
const moving = [
  ...data.figures.map((figure) => curvesOver(figure, shown, tip)),
  ...data.scatters.map(scatterOver),
  ...data.histograms.map(histogramOver),
]
for (const figure of data.figures) {
  tableUnder(document.querySelector(`details[data-table="${figure.id}"]`), figure)
}

let now = 0
function show(epoch) {
  now = epoch
  for (const one of moving) one.show(epoch)
}
change(() => show(now))
if (data.epochs.length > 0) epochControls(data.epochs, show)
document.documentElement.classList.add('live')
