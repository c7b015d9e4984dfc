import type { Observation } from '../domain/evidence/observation.ts'
import { isInstanceId, type InstanceId } from '../domain/instance/instance.ts'
import { canonicalJson } from '../domain/json/canonical.ts'
import { isJsonObject } from '../domain/json/strict-json.ts'
import type { OwnEntry } from '../domain/registration/own-entry.ts'
import type { StatusChanges } from '../ports/status-changes.ts'
import { worldOf, type Inquiry, type World } from './inquiries.ts'

/** What this deployment's own issuers were asked, and what came from elsewhere. */
export interface NotedWorld {
  readonly world: World
  /** Answers of issuers of this deployment, as they can be asked again. */
  readonly own: () => readonly Observation[]
  /** All other answers. */
  readonly foreign: () => readonly Observation[]
}

const OWN: readonly string[] = ['hosted_status', 'hosted_issuer', 'hosted_accreditations']

/** The same world, that writes down what it was asked. */
export function notedWorld(world: World): NotedWorld {
  const noted = new Map<string, Observation>()
  const kept = (isOwn: boolean) => () =>
    [...noted.values()].filter(({ asked }) => OWN.includes(asked) === isOwn)
  return {
    world: worldOf(
      async <Question, Answer>(inquiry: Inquiry<Question, Answer>, question: Question) => {
        const answer = await inquiry.ask(world, question)
        const asked = inquiry.name
        const about = inquiry.about(question)
        noted.set(canonicalJson([asked, about]), { asked, about, answer: inquiry.write(answer) })
        return answer
      },
    ),
    own: kept(true),
    foreign: kept(false),
  }
}

/** The same issuers, that note which status entries they are asked for, and of when the answer is. */
export function notedEntries(issuers: World['issuers'] & StatusChanges): {
  readonly issuers: World['issuers']
  readonly entries: () => readonly OwnEntry[]
} {
  const noted = new Map<string, OwnEntry>()
  const changes = new Map<InstanceId, Promise<number>>()
  const seenOf = (issuer: InstanceId): Promise<number> => {
    const asked = changes.get(issuer) ?? issuers.lastStatusChange(issuer)
    changes.set(issuer, asked)
    return asked
  }
  return {
    issuers: {
      find: (id) => issuers.find(id),
      accreditations: (id) => issuers.accreditations(id),
      async statusAt(issuer, listId, index) {
        // Before the answer: what changes in between is looked at once more.
        const seen = await seenOf(issuer)
        const held = await issuers.statusAt(issuer, listId, index)
        if (held !== undefined)
          noted.set(`${issuer} ${listId} ${String(index)}`, { issuer, listId, index, seen })
        return held
      },
    },
    entries: () => [...noted.values()],
  }
}

/** Is none of these entries set? None was when its client was accepted. */
export async function ownEntriesHold(
  issuers: Pick<World['issuers'], 'statusAt'>,
  entries: readonly OwnEntry[],
): Promise<boolean> {
  const held = await Promise.all(
    entries.map(({ issuer, listId, index }) => issuers.statusAt(issuer, listId, index)),
  )
  return held.every((entry) => entry?.set === false)
}

/** Do the issuers of this deployment still say what they said? Asks their stores, and nobody else. */
export async function ownEvidenceHolds(
  issuers: World['issuers'],
  noted: readonly Observation[],
): Promise<boolean> {
  const nobody = () => Promise.reject(new Error('only own issuers are asked again'))
  const again = notedWorld({
    issuers,
    didResolver: { resolve: nobody },
    guardedFetch: { get: nobody },
  })
  await Promise.all(noted.map((one) => askAgain(again.world.issuers, one)))
  return canonicalJson(written(again.own())) === canonicalJson(written(noted))
}

const written = (all: readonly Observation[]) =>
  all.map(({ asked, about, answer }) => canonicalJson([asked, about, answer])).sort()

async function askAgain(
  issuers: World['issuers'],
  { asked, about }: Observation,
): Promise<unknown> {
  const { issuer, list, index } = isJsonObject(about) ? about : {}
  if (!isInstanceId(issuer)) return undefined
  switch (asked) {
    case 'hosted_status':
      return typeof list === 'string' && typeof index === 'number'
        ? issuers.statusAt(issuer, list, index)
        : undefined
    case 'hosted_issuer':
      return issuers.find(issuer)
    case 'hosted_accreditations':
      return issuers.accreditations(issuer)
    default:
      return undefined
  }
}
