/**
 * One sound public key of every type. Curves: twice the base point, so that the private key is 2 and
 * known to everybody; Ed25519: RFC 8037 appendix A.2; X25519: RFC 8037 appendix A.6; RSA: RFC 7517
 * appendix A.1.
 */
export const PUBLIC_KEYS = {
  Ed25519: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  X25519: { kty: 'OKP', crv: 'X25519', x: '3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08' },
  'P-256': {
    kty: 'EC',
    crv: 'P-256',
    x: 'fPJ7GI0DT36KUjgDBLUaw8CJaeJ38hs1pgtI_EdmmXg',
    y: 'B3dVENuO0EApPZrGn3Qw27p9reY86YIpngS3nSJ4c9E',
  },
  'P-384': {
    kty: 'EC',
    crv: 'P-384',
    x: 'CNmZBXuj0tlpJgBFxVuX8IkCWVmm9DTWUdIH0Z-5bp5P4Ohuvg5k-FuWqcdSld9h',
    y: 'joDx-lsbPO23v-jf_W26dLJ12HW8bMQ-kE5QXyVqtCVf_UPpTTniLWFQHnAKlA6A',
  },
  'P-521': {
    kty: 'EC',
    crv: 'P-521',
    x: 'AEM8IZAkJ35-aC_LKIFIwoJ0dAMnmxzMBjUsblUF12m-l7OyBNpu9VUHqhBKOjXFr0HPL6Nk1g_ZZ_Q-OTO6bXg9',
    y: 'APS7jMf4bbJnAKfz7O7u0_C1xrUQfE2pd0CrIaKZBsQtu7Pjd96fJR9rk5N_qZoySPTq_L6V7cD09xvjVtZh9BsC',
  },
  secp256k1: {
    kty: 'EC',
    crv: 'secp256k1',
    x: 'xgR_lEHtfW0wRUBulcB82Fx3jkuM7zynq6wJuVxwnuU',
    y: 'GuFo_qY9wzmjxYQZRmzq7vf2MmUyZtDhI2QxqVDP5So',
  },
  RSA: {
    kty: 'RSA',
    n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    e: 'AQAB',
  },
} as const
