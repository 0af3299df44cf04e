/** What can be typed behind `infoflow report`, checked. */
import type { Options } from 'yargs'
import { InputError } from '../errors.js'
import { single, type Typed } from './run-options.js'

export const reportOptions: Record<string, Options> = {
  out: { type: 'string', describe: 'The HTML file, figures beside it; by default report.html in the first run' },
  style: {
    type: 'string',
    describe: 'Of the figures: screen, or paper for a column of print, 3.3 in wide',
    default: 'screen',
  },
}

export interface ReportRequest {
  folders: string[]
  out?: string
  style: 'screen' | 'paper'
}

/** The checked request. @throws InputError: the first mistake */
export function readReportRequest(typed: Typed): ReportRequest {
  const [out, style] = [single(typed, 'out'), single(typed, 'style') ?? 'screen']
  if (style !== 'screen' && style !== 'paper')
    throw new InputError(`--style: found '${style}', expected screen or paper`)
  if (out !== undefined && !/\.html?$/i.test(out)) {
    throw new InputError(
      `--out: '${out}' does not end in .html: expected the name of the page, such as figures/szt.html`,
    )
  }
  return { folders: [typed.runs].flat().map(String), out, style }
}
