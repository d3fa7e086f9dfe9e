import type { ReportedFinding } from '#report';
import { localTrust } from '#trust';
import { type JudgedApproval, type JudgedException, type JudgedHistory, judgeApproval, judgeException, judgeHistory } from '#verify';
import { type DocumentBytes, MAX_SIGNED, MAX_SSH_SIGNATURE } from '../signed-documents/document-files.ts';
import { DOCUMENT_PORTS, judgeDocument } from '../signed-documents/signed-at.ts';
import { listedAuthorities } from '../trust-file/listed-authorities.ts';
import type { SignedKind } from './document-part.ts';
import { partBytes, type RecordFiles, type WhoseRecords } from './judge-record-here.ts';
import type { Side } from './side-of.ts';

/** The bytes of a signed document in a state. */
export const signedIn = async (side: Side, { unit, parts }: RecordFiles): Promise<DocumentBytes> => {
  const [statement, bundle, signature] = [
    await partBytes(side, { parts }, 'statement', MAX_SIGNED),
    await partBytes(side, { parts }, 'bundle', MAX_SIGNED),
    await partBytes(side, { parts }, 'ssh-signature', MAX_SSH_SIGNATURE),
  ];
  return {
    path: `${unit}.statement.json`,
    ...(statement === undefined ? {} : { statement }),
    ...(bundle === undefined ? {} : { bundle }),
    ...(signature === undefined ? {} : { sshSignature: Buffer.from(signature).toString('latin1') }),
  };
};

/** Whether a word that a person has signed counts in a state, by itself: whether it is enough is for the policy to say. */
export const judgeSignedHere = async (side: Side, files: RecordFiles & { readonly kind: SignedKind }, whose: WhoseRecords): Promise<readonly ReportedFinding[]> => {
  const document = await signedIn(side, files);
  const judged = judgedAs(files.kind, document, whose);
  const { name, what } = WORDS[files.kind];
  if (judged.kind === 'refused') return [{ id: `${files.kind}-does-not-count`, severity: 'error', file: document.path, message: `${name} does not count: ${judged.because}` }];
  return judged.kind === 'unknown'
    ? [{ id: `${files.kind}-undecided`, severity: 'warning', file: document.path, message: `nobody knows here whether ${what} counts: ${judged.because}` }]
    : [];
};

const WORDS = {
  approval: { name: 'the approval', what: 'the approval' },
  exception: { name: 'the exception', what: 'the exception' },
  history: { name: 'what was said of a record', what: 'it' },
} as const;

const judgedAs = (kind: SignedKind, document: DocumentBytes, { trust, local }: WhoseRecords): JudgedApproval | JudgedException | JudgedHistory => {
  const authorities = trust.kind === 'accepted' ? listedAuthorities(trust.trust) : [];
  switch (kind) {
    case 'approval':
      return judgeDocument(document, (signed) => judgeApproval({ signed, trust, authorities }, DOCUMENT_PORTS));
    case 'exception':
      return judgeDocument(document, (signed) => judgeException({ signed, trust, authorities }, DOCUMENT_PORTS));
    case 'history': {
      // As for records: where there is no trust file, keys of this user count for what this user says.
      const whose = trust.kind === 'none' ? localTrust(local) : trust;
      return judgeDocument(document, (signed) => judgeHistory({ signed, trust: whose, authorities, own: local.map(({ key }) => key) }, DOCUMENT_PORTS));
    }
  }
};
