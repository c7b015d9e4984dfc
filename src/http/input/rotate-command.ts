import * as json from '../../domain/json/decode.ts'
import { MAX_KEY_OVERLAP_SECONDS, MAX_TEXT_CHARACTERS } from '../../domain/limits.ts'
import type { RotateKeys } from '../../use-cases/rotate-keys.ts'

/** The body of a key rotation, as it is written. */
export interface RotateBody {
  readonly mode?: RotateKeys['mode'] | undefined
  readonly kid?: string | undefined
  readonly compromised?: string | undefined
  readonly overlapSeconds?: number | undefined
}

const kid = json.optional(json.text(MAX_TEXT_CHARACTERS))

export const ROTATE: json.Decoder<RotateBody> = json.object({
  mode: json.optional(json.oneOf('planned', 'compromise', 'retire')),
  kid,
  compromised: kid,
  overlapSeconds: json.optional(json.wholeNumber(0, MAX_KEY_OVERLAP_SECONDS)),
})

export const rotateCommand = (body: RotateBody): RotateKeys => ({
  mode: body.mode ?? 'planned',
  kid: body.kid,
  compromised: body.compromised,
  overlapSeconds: body.overlapSeconds,
})
