import type { Observation } from '../domain/evidence/observation.ts'
import { canonicalJson } from '../domain/json/canonical.ts'
import type { Json } from '../domain/json/strict-json.ts'
import type { Ports } from '../ports/index.ts'
import { worldOf, type Inquiry, type World } from './inquiries.ts'
import type { StatusListsOfRequest } from './read-status-list.ts'
import { statusListObservations } from './status-list-evidence.ts'
import type { SpendChallenge } from './verify-presentation.ts'

/** Name of the observation that says whether a challenge could be spent. */
export const CHALLENGE = 'challenge'
/** The same of the `jti` of a software statement. */
export const STATEMENT_JTI = 'software_statement_jti'

/** The world with an ear: what is asked of it is asked once, and noted with the answer. */
export interface Recording {
  readonly world: World
  /** As `spend`, noted. */
  spends(spend: SpendChallenge): SpendChallenge
  /** The same under the name of something else that is spent. */
  spendsAs(asked: typeof STATEMENT_JTI, spend: SpendChallenge): SpendChallenge
  /** What was asked so far, in the order of asking. Wait for the answers before. */
  observations(lists: StatusListsOfRequest): Promise<readonly Observation[]>
}

/**
 * Listens to one verification. The same question again gets the first answer: what the record holds is
 * what was seen, and a world that changes meanwhile is seen in one state.
 */
export function recording(needs: Pick<Ports, 'compression'>, world: World): Recording {
  const noted: { readonly asked: string; readonly about: Json; answer: Json | undefined }[] = []
  const given = new Map<string, Promise<unknown>>()

  const note = async <Answer>(
    asked: string,
    about: Json,
    ask: () => Promise<Answer>,
    write: (answer: Answer) => Json,
  ): Promise<Answer> => {
    const entry: (typeof noted)[number] = { asked, about, answer: undefined }
    noted.push(entry)
    const answer = await ask()
    entry.answer = write(answer)
    return answer
  }

  const spending =
    (asked: string, spend: SpendChallenge): SpendChallenge =>
    (value, times) =>
      note(
        asked,
        null,
        () => spend(value, times),
        (spent) => spent,
      )

  return {
    world: worldOf(<Question, Answer>(inquiry: Inquiry<Question, Answer>, question: Question) => {
      const about = inquiry.about(question)
      const key = canonicalJson([inquiry.name, about])
      const known = given.get(key) as Promise<Answer> | undefined
      if (known !== undefined) return known
      const answer = note(
        inquiry.name,
        about,
        () => inquiry.ask(world, question),
        (one) => inquiry.write(one),
      )
      given.set(key, answer)
      return answer
    }),
    spends: (spend) => spending(CHALLENGE, spend),
    spendsAs: spending,
    async observations(lists) {
      const answered = noted.flatMap(({ asked, about, answer }) =>
        answer === undefined ? [] : [{ asked, about, answer }],
      )
      return [...answered, ...(await statusListObservations(needs, lists))]
    },
  }
}
