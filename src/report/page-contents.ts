/** What a page is made of. */
import type { DrawnFigure } from './drawn-figure.js'
import type { PageData } from './page-data.js'
import type { ReportCondition } from './report-condition.js'
import type { ReportFigures } from './report-figures.js'

export interface Page {
  title: string
  conditions: ReportCondition[]
  figures: ReportFigures
  drawn: Map<string, DrawnFigure>
  data: PageData
  /** Where figures lie beside the page, as words. */
  figuresFolder: string
  /** infoflow's own. */
  version: string
}
