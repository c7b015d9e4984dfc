import { memoryDirectory } from '../../src/adapters/memory/directory.ts'
import { memoryIssuerStore } from '../../src/adapters/memory/issuer-store.ts'
import { memorySeenStatusLists } from '../../src/adapters/memory/seen-status-lists.ts'
import { memorySpentValues } from '../../src/adapters/memory/spent-values.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { memoryVerifierStore } from '../../src/adapters/memory/verifier-store.ts'
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

instanceStoreContract('memory issuers', memoryIssuerStore, anIssuer, ISSUER_FOUNDING)
instanceStoreContract('memory verifiers', memoryVerifierStore, aVerifier, VERIFIER_FOUNDING)
issuerStoreContract('memory', memoryIssuerStore)
issuerAccreditationsContract('memory', memoryIssuerStore)
issuerSchemasContract('memory', memoryIssuerStore)
issuerArchiveContract('memory', memoryIssuerStore)
issuerKeysContract('memory', memoryIssuerStore)
statusBatchContract('memory', memoryIssuerStore)
statusChangesContract('memory', memoryIssuerStore)
verifierStoreContract('memory', memoryVerifierStore)
verifierArchiveContract('memory', memoryVerifierStore)
verifierClientsContract('memory', memoryVerifierStore)
clientFollowingContract('memory', memoryVerifierStore)
clientEntriesContract('memory', memoryVerifierStore)
registrationsContract('memory', memoryVerifierStore)
decisionsContract('memory', memoryVerifierStore)
softwareStatementsContract('memory', memoryVerifierStore)
directoryContract('memory', memoryDirectory)
const seen = memorySeenStatusLists()
seenStatusListsContract('memory', () => seen)
spentValuesContract('memory', () => memorySpentValues(systemClock))
singleUseTokensContract('memory', () => memorySpentValues(systemClock))
