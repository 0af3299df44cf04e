/** The configuration's schema in the form that editors complete from; every key may be absent, as in a file. */
import { z } from 'zod'
import { configSchema } from './config.js'
import { configTexts } from './config-texts.js'

type Node = Record<string, unknown> & { properties?: Record<string, Node> }

/** JSON Schema, draft 2020-12, of a file for `infoflow run` and `infoflow measure`. */
export function configJsonSchema(experiments: readonly string[]): object {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as Node
  explain(schema, '')
  const { properties = {} } = schema
  properties.experiment.enum = [...experiments]
  properties.seeds = {
    description: configTexts.seeds,
    type: ['integer', 'string', 'array'],
    items: { type: 'integer' },
  }
  return { ...schema, title: 'infoflow: a network, its data, its training and its measurement' }
}

/** Descriptions in, obligations out: what a file leaves out is filled in. Layers keep theirs. */
function explain(node: Node, prefix: string): void {
  delete node.required
  for (const [key, inner] of Object.entries(node.properties ?? {})) {
    const name = `${prefix}${key}`
    if (configTexts[name]) inner.description = configTexts[name]
    explain(inner, `${name}.`)
  }
}
