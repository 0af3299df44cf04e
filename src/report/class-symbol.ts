/** The shape of a class, as the figures draw it. */
import { classShapes } from './look.js'

const paths: Record<(typeof classShapes)[number], string> = {
  circle: 'M1,6a5,5 0 1,0 10,0a5,5 0 1,0 -10,0Z',
  'triangle-up': 'M6,1L11,10L1,10Z',
  square: 'M1.5,1.5H10.5V10.5H1.5Z',
  diamond: 'M6,.5L11,6L6,11.5L1,6Z',
  cross: 'M4,1H8V4H11V8H8V11H4V8H1V4H4Z',
  'triangle-down': 'M6,11L1,2L11,2Z',
  stroke: 'M1,5H11V7H1Z',
}

export const symbol = (k: number) =>
  `<svg viewBox="0 0 12 12" aria-hidden="true"><path class="class-${k % classShapes.length}" d="${paths[classShapes[k % classShapes.length]]}"/></svg>`
