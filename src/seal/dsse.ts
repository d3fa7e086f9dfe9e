import { concatBytes, utf8 } from '#base';

/** The only payload type that every verifier of statements accepts. Source: in-toto attestation v1; sigstore-go. */
export const IN_TOTO_PAYLOAD = 'application/vnd.in-toto+json';

/** The bytes that are signed: type and payload with their lengths, so that one cannot pass for the other. Source: DSSE 1.0, protocol.md. */
export const preAuthEncoding = (payloadType: string, payload: Uint8Array): Uint8Array => {
  const type = utf8(payloadType);
  return concatBytes(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
};
