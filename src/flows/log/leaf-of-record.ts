import { readJson, toHex, valueAt } from '#base';
import { nodeCrypto, readBoundedIfThere } from '#files';
import { objectOfHistory, readHistory } from '#history';
import { readApproval, readException, readExceptionReview, readPolicyApproval, readWithdrawal } from '#statements';
import { MAX_STATEMENT, sealsOf } from '#store';
import { documentBytes } from '../signed-documents/document-files.ts';
import type { RunLeaf } from './waiting-leaves.ts';

/**
 * Whether a leaf says of the record beside it what is seen there: that this statement of this run was recorded, or signed in this bundle;
 * or that this approval or this document of its life was given. A log keeps what it takes in for ever, and a repository may bring leaves that say anything. Never throws.
 */
export const isAboutItsRecord = async ({ statementPath, leaf }: Pick<RunLeaf, 'statementPath' | 'leaf'>): Promise<boolean> => {
  try {
    const statement = await readBoundedIfThere(statementPath, MAX_STATEMENT);
    if (statement === undefined || leaf.payloadSha256 !== toHex(nodeCrypto.sha256(statement)) || !isItsObject(leaf, statement)) return false;
    if (leaf.bundleSha256 === undefined) return true;
    const isSigned = (bytes: Uint8Array): boolean => toHex(nodeCrypto.sha256(bytes)) === leaf.bundleSha256;
    if ((await sealsOf(statementPath)).some(({ bytes }) => isSigned(bytes))) return true;
    const { sshSignature } = await documentBytes(statementPath);
    return sshSignature !== undefined && isSigned(Buffer.from(sshSignature, 'latin1'));
  } catch {
    return false;
  }
};

/** Whether a statement is of the kind that a leaf tells, and about its object. */
const isItsObject = ({ kind, object }: RunLeaf['leaf'], statement: Uint8Array): boolean => {
  switch (kind) {
    case 'run-signed':
    case 'run-recorded': {
      const json = readJson(statement);
      return json.kind === 'accepted' && object.type === 'run' && object.id === valueAt(json.value, '/predicate/run/id');
    }
    case 'approval': {
      if (object.type === 'policy') {
        const ofPolicy = readPolicyApproval(statement);
        return ofPolicy.kind === 'accepted' && object.id === ofPolicy.value.policyChange.toSha256;
      }
      const approval = readApproval(statement);
      return approval.kind === 'accepted' && object.type === 'run' && object.id === approval.value.change.candidate.runId;
    }
    case 'withdrawal': {
      const withdrawal = readWithdrawal(statement);
      return withdrawal.kind === 'accepted' && (object.type === 'approval' || object.type === 'exception') && object.id === withdrawal.value.approvalSha256;
    }
    case 'exception': {
      const exception = readException(statement);
      if (exception.kind !== 'accepted') return false;
      const { record, level } = exception.value;
      return object.type === (level ?? 'run') && object.id === record.runId;
    }
    case 'exception-review': {
      const review = readExceptionReview(statement);
      return review.kind === 'accepted' && object.type === 'exception' && object.id === review.value.reviews;
    }
    case 'amendment':
    case 'deprecation':
    case 'promotion':
    case 'deployed':
    case 'reversion':
    case 'remediation': {
      const document = readHistory(kind === 'deployed' ? 'deployment' : kind, statement, nodeCrypto);
      const own = document.kind === 'accepted' ? objectOfHistory(document.value) : undefined;
      return own !== undefined && object.type === own.type && object.id === own.id;
    }
    default:
      return false;
  }
};
