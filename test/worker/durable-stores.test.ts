import { env } from 'cloudflare:workers'
import { durableDirectory } from '../../src/adapters/durable/directory.ts'
import { durableIssuerStore } from '../../src/adapters/durable/issuer-store.ts'
import { durableSeenStatusLists } from '../../src/adapters/durable/seen-status-lists.ts'
import { durableSpentValues } from '../../src/adapters/durable/spent-values.ts'
import { durableVerifierStore } from '../../src/adapters/durable/verifier-store.ts'
import { readBindings } from '../../src/bindings.ts'
import { clientEntriesContract } from '../contracts/client-entries.contract.ts'
import { clientFollowingContract } from '../contracts/client-following.contract.ts'
import { decisionsContract } from '../contracts/decisions.contract.ts'
import { directoryContract } from '../contracts/directory.contract.ts'
import { instanceStoreContract } from '../contracts/instance-store.contract.ts'
import { anIssuer, aVerifier, ISSUER_FOUNDING, VERIFIER_FOUNDING } from '../contracts/instances.ts'
import { issuerAccreditationsContract } from '../contracts/issuer-accreditations.contract.ts'
import { issuerArchiveContract } from '../contracts/issuer-archive.contract.ts'
import { issuerKeysContract } from '../contracts/issuer-keys.contract.ts'
import { issuerSchemasContract } from '../contracts/issuer-schemas.contract.ts'
import { issuerStoreContract } from '../contracts/issuer-store.contract.ts'
import { registrationsContract } from '../contracts/registrations.contract.ts'
import { singleUseTokensContract } from '../contracts/single-use-tokens.contract.ts'
import { softwareStatementsContract } from '../contracts/software-statements.contract.ts'
import { seenStatusListsContract } from '../contracts/seen-status-lists.contract.ts'
import { spentValuesContract } from '../contracts/spent-values.contract.ts'
import { statusBatchContract } from '../contracts/status-batch.contract.ts'
import { statusChangesContract } from '../contracts/status-changes.contract.ts'
import { verifierArchiveContract } from '../contracts/verifier-archive.contract.ts'
import { verifierClientsContract } from '../contracts/verifier-clients.contract.ts'
import { verifierStoreContract } from '../contracts/verifier-store.contract.ts'

const { objects } = readBindings(env as unknown as Readonly<Record<string, unknown>>)
const issuers = () => durableIssuerStore(objects.issuers)
const verifiers = () => durableVerifierStore(objects.verifiers)

instanceStoreContract('durable issuers', issuers, anIssuer, ISSUER_FOUNDING)
instanceStoreContract('durable verifiers', verifiers, aVerifier, VERIFIER_FOUNDING)
issuerStoreContract('durable', issuers)
issuerAccreditationsContract('durable', issuers)
issuerSchemasContract('durable', issuers)
issuerArchiveContract('durable', issuers)
issuerKeysContract('durable', issuers)
statusBatchContract('durable', issuers)
statusChangesContract('durable', issuers)
verifierStoreContract('durable', verifiers)
verifierArchiveContract('durable', verifiers)
verifierClientsContract('durable', verifiers)
clientFollowingContract('durable', verifiers)
clientEntriesContract('durable', verifiers)
registrationsContract('durable', verifiers)
decisionsContract('durable', verifiers)
softwareStatementsContract('durable', verifiers)
directoryContract('durable', () => durableDirectory(objects.directory))
seenStatusListsContract('durable', () => durableSeenStatusLists(objects.spentValues))
spentValuesContract('durable', () => durableSpentValues(objects.spentValues))
singleUseTokensContract('durable', () => durableSpentValues(objects.spentValues))
