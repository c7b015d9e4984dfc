/** The odd primes to 167: the moduli by which keys of the defective generator were told apart. */
const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101,
  103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
]

/** Every remainder that a power of 65537 leaves, by prime. */
const POWERS_OF_65537 = new Map(PRIMES.map((prime) => [prime, powersOf(65_537, prime)]))

/**
 * True for a modulus of the RSALib generator (CVE-2017-15361, row J27): its primes are built on powers
 * of 65537, so modulo every small prime their product is one too. A sound modulus passes for such a
 * one with a chance of less than one in a hundred million.
 */
export function hasRocaFingerprint(modulus: bigint): boolean {
  return remainders(modulus).every(
    ({ prime, remainder }) => POWERS_OF_65537.get(prime)?.has(remainder) === true,
  )
}

/** True for a modulus that one of the primes above divides: no product of two large primes. */
export function hasSmallFactor(modulus: bigint): boolean {
  return remainders(modulus).some(({ remainder }) => remainder === 0)
}

function remainders(
  modulus: bigint,
): readonly { readonly prime: number; readonly remainder: number }[] {
  return PRIMES.map((prime) => ({ prime, remainder: Number(modulus % BigInt(prime)) }))
}

function powersOf(base: number, prime: number): ReadonlySet<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * base) % prime) powers.add(power)
  return powers
}
