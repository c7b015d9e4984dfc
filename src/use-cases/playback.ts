import type { Evidence } from '../domain/evidence/evidence.ts'
import type { Observation } from '../domain/evidence/observation.ts'
import { canonicalJson } from '../domain/json/canonical.ts'
import type { Json } from '../domain/json/strict-json.ts'
import type { Ports } from '../ports/index.ts'
import type { StatusListCache } from '../ports/status-list-cache.ts'
import { worldOf, type Inquiry, type World } from './inquiries.ts'
import type { StatusListsOfRequest } from './read-status-list.ts'
import { CHALLENGE, STATEMENT_JTI } from './recording.ts'
import { observedStatusLists, STATUS_LIST } from './status-list-evidence.ts'
import type { SpendChallenge } from './verify-presentation.ts'

/** Something was asked that is not on record. Ends the playback; it is never asked of anybody. */
export class NotOnRecord extends Error {
  override readonly name = 'NotOnRecord'
}

/** A question that the record has no answer to. */
export type MissingObservation = Pick<Observation, 'asked' | 'about'>

/** The world as it was when a decision was made, from the decision's evidence alone. */
export interface Playback {
  readonly world: World
  /** What was read then; a list that was not read then is `NotOnRecord`. */
  readonly statusLists: StatusListCache
  readonly statusListsOfRequest: StatusListsOfRequest
  /** The outcome of then: nothing is spent again. */
  readonly spend: SpendChallenge
  /** The same for the `jti` of a software statement. */
  readonly spendStatement: SpendChallenge
  /** What was asked in vain so far, each question once. */
  readonly missing: readonly MissingObservation[]
}

/**
 * Plays the observations of a decision back.
 *
 * @param unspent what stands for a challenge that was not looked at then; `undefined`: not on record.
 */
export async function playback(
  needs: Pick<Ports, 'compression' | 'keyArithmetic'>,
  { observations }: Pick<Evidence, 'observations'>,
  unspent: boolean | undefined,
): Promise<Playback> {
  const known = new Map(
    observations.map(({ asked, about, answer }) => [keyOf(asked, about), answer]),
  )
  const missing: MissingObservation[] = []
  const notOnRecord = (asked: string, about: Json): never => {
    const key = keyOf(asked, about)
    if (!missing.some((one) => keyOf(one.asked, one.about) === key)) missing.push({ asked, about })
    throw new NotOnRecord(asked)
  }
  const spent = (asked: string) => async (): Promise<boolean> => {
    const then = known.get(keyOf(asked, null)) ?? unspent
    return typeof then === 'boolean' ? then : notOnRecord(asked, null)
  }
  const nowhere = (about: string): never => notOnRecord(STATUS_LIST, about)

  return {
    world: worldOf(
      async <Question, Answer>(inquiry: Inquiry<Question, Answer>, question: Question) => {
        const about = inquiry.about(question)
        const written = known.get(keyOf(inquiry.name, about))
        const answer =
          written === undefined ? undefined : inquiry.read(written, question, needs.keyArithmetic)
        return answer === undefined ? notOnRecord(inquiry.name, about) : answer
      },
    ),
    statusLists: {
      list: nowhere,
      keepList: nowhere,
      refusal: nowhere,
      keepRefusal: nowhere,
      newest: nowhere,
    },
    statusListsOfRequest: await observedStatusLists(needs, observations),
    spend: spent(CHALLENGE),
    spendStatement: spent(STATEMENT_JTI),
    missing,
  }
}

const keyOf = (asked: string, about: Json): string => canonicalJson([asked, about])
