/** Variants of an experiment: what `--variant NAME` changes of its configuration and its title. */
import type { Config } from './config.js'
import type { ExperimentDefinition } from './definition.js'
import type { Variants } from './read-config.js'
import { merge } from './tree.js'

/** The changes of each variant, for readConfig. */
export function variantChanges({ variants = {} }: ExperimentDefinition): Variants {
  return Object.fromEntries(Object.entries(variants).map(([name, { changes }]) => [name, changes]))
}

/** The experiment's own configuration, or that of a variant. */
export function defaultsOf(definition: ExperimentDefinition, variant: string | undefined): Config {
  const changes = variant === undefined ? undefined : definition.variants?.[variant]?.changes
  return changes ? { ...(merge(definition.defaults, changes) as Config), variant } : definition.defaults
}

/** The experiment's title with that of the variant. */
export function titleOf({ title, variants }: ExperimentDefinition, { variant }: Pick<Config, 'variant'>): string {
  const own = variant === undefined ? undefined : variants?.[variant]?.title
  return own ? `${title}: ${own}` : title
}
