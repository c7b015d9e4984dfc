import { html, type Html } from './html.ts'
import { line } from './prose.ts'

interface Step {
  readonly caption: string
  readonly command: string
}

/** From nothing to a credential that was issued, verified, revoked and refused. Needs `curl` and `jq`. */
export const QUICK_START: readonly Step[] = [
  {
    caption:
      'In the folder of a service that runs with `npm start`. For any other service set `URL` and `ADMIN_TOKEN` yourself.',
    command: `. ./.dev.vars
URL=$PUBLIC_URL`,
  },
  {
    caption: 'Create an issuer. Its token is shown this once.',
    command: `ISSUER=$(curl -s "$URL/admin/issuers" \\
  -H "Authorization: Bearer $ADMIN_TOKEN" -H 'Content-Type: application/json' \\
  -d '{"id": "registry", "name": "Example Registry Ltd", "keys": ["dev-ed25519"]}')
ISSUER_DID=$(echo "$ISSUER" | jq -r .did)
ISSUER_TOKEN=$(echo "$ISSUER" | jq -r .token)`,
  },
  {
    caption: 'Issue a credential that ties the DID of a company to its legal entity.',
    command: `CREDENTIAL=$(curl -s "$URL/issuers/registry/credentials/issue" \\
  -H "Authorization: Bearer $ISSUER_TOKEN" -H 'Content-Type: application/json' \\
  -d '{
  "credential": {
    "type": ["VerifiableCredential", "LsoLegalEntityCredential"],
    "credentialSubject": {
      "id": "did:web:buyer.example.com",
      "type": "LegalEntity",
      "legalName": "Example Buyer Ltd",
      "registeredAddress": {"country": "DE"},
      "identifiers": [{"scheme": "VAT", "value": "XX000000000"}],
      "roles": ["Buyer"],
      "lsoInterfaces": ["Sonata"],
      "trustDomain": "example-lso"
    }
  }
}')`,
  },
  {
    caption: 'Create a verifier that trusts this issuer.',
    command: `VERIFIER_TOKEN=$(curl -s "$URL/admin/verifiers" \\
  -H "Authorization: Bearer $ADMIN_TOKEN" -H 'Content-Type: application/json' \\
  -d @- <<END | jq -r .token
{
  "id": "operator",
  "name": "Example Operator Ltd",
  "audience": "https://as.example.com",
  "policy": {
    "anchors": [{"did": "$ISSUER_DID", "types": ["LsoLegalEntityCredential"]}]
  }
}
END
)`,
  },
  {
    caption: 'Verify the credential: it is valid, and its issuer is trusted.',
    command: `curl -s "$URL/verifiers/operator/credentials/verify" \\
  -H "Authorization: Bearer $VERIFIER_TOKEN" -H 'Content-Type: application/json' \\
  -d "$CREDENTIAL" | jq '{verified, verdict, trust}'`,
  },
  {
    caption: 'Revoke it.',
    command: `CREDENTIAL_ID=$(curl -s "$URL/issuers/registry/credentials" \\
  -H "Authorization: Bearer $ISSUER_TOKEN" | jq -r '.items[0].id')
curl -s "$URL/issuers/registry/credentials/status" \\
  -H "Authorization: Bearer $ISSUER_TOKEN" -H 'Content-Type: application/json' \\
  -d @- <<END
{
  "credentialId": "$CREDENTIAL_ID",
  "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"},
  "status": true
}
END`,
  },
  {
    caption: 'Verify it again: 400, with the reason.',
    command: `curl -s "$URL/verifiers/operator/credentials/verify" \\
  -H "Authorization: Bearer $VERIFIER_TOKEN" -H 'Content-Type: application/json' \\
  -d "$CREDENTIAL" | jq '{verified, verdict, trust, problemDetails}'`,
  },
]

export const quickStart = (): Html =>
  html`<section>
    <h2 id="quick-start">Quick start</h2>
    <ol>
      ${QUICK_START.map(
        ({ caption, command }) =>
          html`<li>
            <p>${line(caption)}</p>
            <pre>${command}</pre>
          </li> `,
      )}
    </ol>
  </section>`
