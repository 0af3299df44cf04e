/** A report on disk: the page, and its figures beside it, each as SVG, PNG, specification and rows. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { diskError, writeAtomically, writeFully } from '../tables/disk.js'
import { drawnFigure, type DrawnFigure } from './drawn-figure.js'
import { epochAxis } from './epoch-axis.js'
import type { Figure } from './figure.js'
import { allLayers, type Overlay } from './layer-figures.js'
import { screenLook, type Look } from './look.js'
import { visible } from './numbers.js'
import { reportPage } from './page.js'
import { pageFigure, pageHistogram, pageScatter, type PageData } from './page-data.js'
import { pixels } from './picture.js'
import { lookedAt, type ReportCondition } from './report-condition.js'
import { curveFigures, reportFigures, type ReportFigures } from './report-figures.js'

export interface ReportPlace {
  /** The HTML file. */
  page: string
  /** Folder of the figures. */
  figures: string
}

/** Writes the page and the figures; returns the paths of all. Throws InputError on a full disk or a forbidden folder. */
export async function writeReport(
  conditions: ReportCondition[],
  place: ReportPlace,
  { look, version }: { look: Look; version: string },
): Promise<string[]> {
  const figures = reportFigures(overlayOf(conditions, screenLook))
  const inFiles = look === screenLook ? figures : reportFigures(overlayOf(conditions, look))
  const onPage = await drawnByName(pageOnly(figures))
  const files = look === screenLook ? onPage : await drawnByName(curveFigures(inFiles))
  const grids = await drawnByName(inFiles.grids)
  const written = [...curveFigures(inFiles), ...inFiles.grids].flatMap((figure) =>
    writeFigure(files.get(figure.name) ?? grids.get(figure.name)!, place.figures),
  )
  const page = reportPage({
    ...{ title: titleOf(conditions), conditions, figures, drawn: onPage, data: dataOf(conditions, figures, onPage) },
    ...{ figuresFolder: 'the folder figures beside this file', version },
  })
  return [write(place.page, page), ...written]
}

function overlayOf(conditions: ReportCondition[], look: Look): Overlay {
  const rows = conditions.flatMap(({ tables }) => [...tables.training, ...tables.information, ...tables.clustering])
  const epochs = new Set([...rows.map(({ epoch }) => epoch), ...conditions.flatMap(lookedAt)])
  return { conditions, layers: allLayers(conditions), axis: epochAxis([...epochs]), look }
}

function pageOnly(figures: ReportFigures): Figure[] {
  const planes = figures.scatters.flatMap(({ planes }) => planes.map(({ figure }) => figure))
  return [
    ...curveFigures(figures),
    ...planes,
    ...figures.histograms.flatMap(({ panels }) => panels.map(({ figure }) => figure)),
  ]
}

async function drawnByName(figures: Figure[]): Promise<Map<string, DrawnFigure>> {
  const drawn = new Map<string, DrawnFigure>()
  for (const figure of figures) drawn.set(figure.name, await drawnFigure(figure))
  return drawn
}

function dataOf(conditions: ReportCondition[], figures: ReportFigures, drawn: Map<string, DrawnFigure>): PageData {
  const evaluated = conditions.flatMap(({ tables }) => tables.training.map(({ epoch }) => epoch))
  const looked = conditions.flatMap(lookedAt)
  const epochs = [...new Set(looked.length > 0 ? looked : evaluated)].sort((a, b) => a - b)
  const of = ({ name }: Figure) => drawn.get(name)!
  return {
    epochs,
    figures: curveFigures(figures).map((figure) => pageFigure(of(figure))),
    scatters: figures.scatters.map(({ scatter, planes }) =>
      pageScatter(
        scatter,
        planes,
        planes.map(({ figure }) => of(figure)),
      ),
    ),
    histograms: figures.histograms.flatMap(({ histograms, panels }) =>
      panels.map(({ figure, layer }) => pageHistogram(histograms, layer, of(figure))),
    ),
  }
}

function titleOf(conditions: ReportCondition[]): string {
  const [{ runs, name }] = conditions
  const title = typeof runs[0].record.title === 'string' ? runs[0].record.title : name
  return visible(conditions.length === 1 ? title : conditions.map((condition) => condition.name).join(' beside '))
}

function writeFigure({ figure, svg }: DrawnFigure, folder: string): string[] {
  const { name, look, specification, rows } = figure
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw diskError(error, `${folder}: cannot create the folder`)
  }
  const sized = look.name === 'paper' ? inInches(svg) : svg
  return [
    write(join(folder, `${name}.svg`), sized),
    write(join(folder, `${name}.png`), pixels(svg, look.zoom)),
    write(join(folder, `${name}.vl.json`), `${JSON.stringify(specification)}\n`),
    write(join(folder, `${name}.csv`), csv(rows)),
  ]
}

/** 96 px an inch, as SVG has it, said so that whoever places the figure need not know. */
const inInches = (svg: string) =>
  svg.replace(
    / width="([\d.]+)" height="([\d.]+)" viewBox/,
    (_, width, height) => ` width="${inches(width)}in" height="${inches(height)}in" viewBox`,
  )

const inches = (px: string) => Number((Number(px) / 96).toFixed(2))

function csv(rows: object[]): string {
  const names = Object.keys(rows[0] ?? {})
  const cell = (value: unknown) =>
    typeof value === 'string' && /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value ?? '')
  return [
    names.join(','),
    ...rows.map((row) => names.map((name) => cell((row as Record<string, unknown>)[name])).join(',')),
    '',
  ].join('\n')
}

function write(path: string, content: string | Uint8Array): string {
  try {
    writeAtomically(path, (file) => writeFully(file, typeof content === 'string' ? Buffer.from(content) : content))
    return path
  } catch (error) {
    throw diskError(error, `${path}: cannot write`)
  }
}
