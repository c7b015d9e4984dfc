import { methodOf } from '../../domain/did/did.ts'
import type { KeyArithmetic } from '../../domain/did/method-key.ts'
import { parseDidDocument } from '../../domain/did/parse-did-document.ts'
import { ok, refuse } from '../../domain/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type { DidResolver } from '../../ports/did-resolver.ts'
import { sha256Text } from '../system/sha256.ts'
import type { DidMethod } from './method.ts'

/**
 * Resolves by method, and holds what is true of every method in one place: a document is for the DID
 * that was asked for, byte for byte (row D13), it is not deactivated (D22), and it is sound.
 * NOTE: a Map, because a lookup in an object would find `constructor` (row D1).
 */
export function createCompositeResolver(
  methods: ReadonlyMap<string, DidMethod>,
  arithmetic: KeyArithmetic,
  clock: Clock,
): DidResolver {
  return {
    async resolve(did, options) {
      const method = methods.get(methodOf(did))
      if (method === undefined) return refuse({ reason: 'did_method_not_supported' })
      const found = await method.find(did, options?.budget)
      if (!found.ok) return found
      const { source, document: read } = found.value
      if (source['id'] !== did)
        return refuse({ reason: 'did_document_invalid', fault: 'id is not the DID' })
      if (saysDeactivated(source['deactivated'])) return refuse({ reason: 'did_deactivated' })
      const document = read === undefined ? parseDidDocument(source, did, arithmetic) : ok(read)
      if (!document.ok) return document
      const json = JSON.stringify(source)
      const digest = sha256Text(json)
      return ok({ document: document.value, json, digest, retrieved: clock.now() })
    },
  }
}

/** Whatever a document says here that is not a plain no, is a yes. */
const saysDeactivated = (value: unknown): boolean => value !== undefined && value !== false
