/** What `infoflow init` prints. */
import { unknownName } from '../errors.js'
import { configDocument } from '../experiments/config-document.js'
import { configJsonSchema } from '../experiments/config-json-schema.js'
import { example } from '../experiments/custom.js'
import { experiments, findExperiment } from '../experiments/registry.js'
import { studies } from '../experiments/studies.js'
import { defaultsOf } from '../experiments/variant.js'

const completion = 'yaml-language-server: $schema=infoflow.schema.json'

/** @throws InputError: no such experiment, or variant of it */
export function initText(name: string, variant?: string): string {
  if (Object.hasOwn(studies, name) && variant === undefined) {
    const { shows, defaults } = studies[name]
    return configDocument(defaults, [...sentences(shows), `infoflow run ${name}.yaml`])
  }
  const definition = findExperiment(name, Object.keys(studies))
  if (variant !== undefined && !Object.hasOwn(definition.variants ?? {}, variant)) {
    throw unknownName(`variant of ${name}`, variant, Object.keys(definition.variants ?? {}))
  }
  const config = name === 'custom' ? example : defaultsOf(definition, variant)
  const purpose = name === 'custom' ? own : sentences(definition.shows)
  return configDocument(config, [completion, ...purpose])
}

export function schemaText(): string {
  return `${JSON.stringify(configJsonSchema(Object.keys(experiments)), null, 2)}\n`
}

const own = [
  'A network of your own on data of your own.',
  "infoflow run my.yaml trains it; infoflow measure my.yaml --weights 'net/*.safetensors' measures weights that you have.",
  'Keys may be left out: without noise there is then none, and every other value is the one here. auto is picked to fit the adapter.',
]

const sentences = (text: string) => text.split(/(?<=\.) (?=[A-Z])/)
