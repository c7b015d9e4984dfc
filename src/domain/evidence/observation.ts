import * as json from '../json/decode.ts'
import type { Json } from '../json/strict-json.ts'

/** One thing that a decision asked about the world, and what it was told. */
export interface Observation {
  /** Which kind of thing. */
  readonly asked: string
  /** Which one of its kind. */
  readonly about: Json
  readonly answer: Json
}

const MAX_KIND_CHARACTERS = 64

const anything: json.Decoder<Json> = json.where((_): _ is Json => true, 'JSON')

export const OBSERVATION = json.object<{ [Member in keyof Observation]: Observation[Member] }>({
  asked: json.text(MAX_KIND_CHARACTERS),
  about: anything,
  answer: anything,
})
