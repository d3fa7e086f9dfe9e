/** Writes every generated file, or with --check tells which ones differ from what they are made from. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { attacksPage } from './generate-attacks.js';
import { fieldsOf } from './generate-fields.js';
import { keysOf } from './generate-keys.js';
import { lintConfiguration } from './generate-lint.js';
import { referencePagesOf } from './generate-reference.js';
import { typesOf } from './generate-types.js';
import { validatorOf } from './generate-validators.js';
import { readSchema } from './schema.js';

const manifest = readSchema('manifest');
const manifestV0 = readSchema('manifest', 0);
const events = readSchema('events');
const config = readSchema('config');
const snapshot = readSchema('snapshot');
const erasure = readSchema('erasure');
const delivery = readSchema('delivery');
const bundle = readSchema('bundle');
const trust = readSchema('trust');
const trustEnvelope = readSchema('trust-envelope');
const trustPin = readSchema('trust-pin');
const policy = readSchema('policy');
const policyTests = readSchema('policy-tests');
const approval = readSchema('approval');
const policyApproval = readSchema('policy-approval');
const withdrawal = readSchema('withdrawal');
const exception = readSchema('exception');
const exceptionReview = readSchema('exception-review');
const amendment = readSchema('amendment');
const deprecation = readSchema('deprecation');
const promotion = readSchema('promotion');
const deployment = readSchema('deployment');
const reversion = readSchema('reversion');
const remediation = readSchema('remediation');
const mapping = readSchema('mapping');

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

const files: Readonly<Record<string, string>> = {
  '.oxlintrc.json': lintConfiguration(),
  'docs/reference/attacks.md': attacksPage(),
  'src/base/generated/version.ts': `// Generated from package.json by npm run generate; do not edit.\n\n/** Version of trainlock: of the npm package, the Python wheel and every manifest they write. */\nexport const VERSION = '${version}';\n`,
  'src/manifest/generated/manifest-types.ts': typesOf(manifest, 'Manifest'),
  'src/manifest/generated/fields.ts': fieldsOf(manifest),
  'src/snapshot/generated/snapshot-types.ts': typesOf(snapshot, 'Snapshot'),
  'src/snapshot/generated/erasure-types.ts': typesOf(erasure, 'Erasure'),
  'src/snapshot/generated/snapshot-keys.ts': keysOf(snapshot, 'SNAPSHOT_KEYS'),
  'src/snapshot/generated/erasure-keys.ts': keysOf(erasure, 'ERASURE_KEYS'),
  'src/manifest/generated/delivery-types.ts': typesOf(delivery, 'Delivery'),
  'src/manifest/generated/delivery-keys.ts': keysOf(delivery, 'DELIVERY_KEYS'),
  'src/seal/generated/bundle-types.ts': typesOf(bundle, 'BundleDocument'),
  'src/seal/generated/bundle-keys.ts': keysOf(bundle, 'BUNDLE_KEYS'),
  'src/trust/generated/trust-types.ts': typesOf(trust, 'TrustDocument'),
  'src/trust/generated/trust-keys.ts': keysOf(trust, 'TRUST_KEYS'),
  'src/trust/generated/envelope-types.ts': typesOf(trustEnvelope, 'TrustEnvelopeDocument'),
  'src/trust/generated/envelope-keys.ts': keysOf(trustEnvelope, 'TRUST_ENVELOPE_KEYS'),
  'src/trust/generated/pin-types.ts': typesOf(trustPin, 'TrustPinDocument'),
  'src/trust/generated/pin-keys.ts': keysOf(trustPin, 'TRUST_PIN_KEYS'),
  'src/statements/generated/approval-types.ts': typesOf(approval, 'ApprovalDocument'),
  'src/statements/generated/approval-keys.ts': keysOf(approval, 'APPROVAL_KEYS'),
  'src/statements/generated/policy-approval-types.ts': typesOf(policyApproval, 'PolicyApprovalDocument'),
  'src/statements/generated/policy-approval-keys.ts': keysOf(policyApproval, 'POLICY_APPROVAL_KEYS'),
  'src/statements/generated/withdrawal-types.ts': typesOf(withdrawal, 'WithdrawalDocument'),
  'src/statements/generated/withdrawal-keys.ts': keysOf(withdrawal, 'WITHDRAWAL_KEYS'),
  'src/statements/generated/exception-types.ts': typesOf(exception, 'ExceptionDocument'),
  'src/statements/generated/exception-keys.ts': keysOf(exception, 'EXCEPTION_KEYS'),
  'src/statements/generated/exception-review-types.ts': typesOf(exceptionReview, 'ExceptionReviewDocument'),
  'src/statements/generated/exception-review-keys.ts': keysOf(exceptionReview, 'EXCEPTION_REVIEW_KEYS'),
  'src/statements/generated/amendment-types.ts': typesOf(amendment, 'AmendmentDocument'),
  'src/statements/generated/amendment-keys.ts': keysOf(amendment, 'AMENDMENT_KEYS'),
  'src/statements/generated/deprecation-types.ts': typesOf(deprecation, 'DeprecationDocument'),
  'src/statements/generated/deprecation-keys.ts': keysOf(deprecation, 'DEPRECATION_KEYS'),
  'src/statements/generated/promotion-types.ts': typesOf(promotion, 'PromotionDocument'),
  'src/statements/generated/promotion-keys.ts': keysOf(promotion, 'PROMOTION_KEYS'),
  'src/statements/generated/deployment-types.ts': typesOf(deployment, 'DeploymentDocument'),
  'src/statements/generated/deployment-keys.ts': keysOf(deployment, 'DEPLOYMENT_KEYS'),
  'src/statements/generated/reversion-types.ts': typesOf(reversion, 'ReversionDocument'),
  'src/statements/generated/reversion-keys.ts': keysOf(reversion, 'REVERSION_KEYS'),
  'src/statements/generated/remediation-types.ts': typesOf(remediation, 'RemediationDocument'),
  'src/statements/generated/remediation-keys.ts': keysOf(remediation, 'REMEDIATION_KEYS'),
  'src/approval/generated/policy-types.ts': typesOf(policy, 'PolicyDocument'),
  'src/approval/generated/policy-keys.ts': keysOf(policy, 'POLICY_KEYS'),
  'src/approval/generated/policy-tests-types.ts': typesOf(policyTests, 'PolicyTestsDocument'),
  'src/approval/generated/policy-tests-keys.ts': keysOf(policyTests, 'POLICY_TESTS_KEYS'),
  'src/evidence/generated/mapping-types.ts': typesOf(mapping, 'MappingDocument'),
  'src/evidence/generated/mapping-keys.ts': keysOf(mapping, 'MAPPING_KEYS'),
  'src/assembly/generated/event-types.ts': typesOf(events, 'TraceEvent'),
  'src/config/generated/config-types.ts': typesOf(config, 'Config'),
  'src/config/generated/config-keys.ts': keysOf(config, 'CONFIG_KEYS'),
};

/** Half a megabyte of code that no person reads: made at every build, not kept in git, and so never compared. */
const built: Readonly<Record<string, string>> = {
  'src/manifest/generated/manifest-validator.ts': validatorOf(manifest, manifestV0),
  'src/manifest/generated/delivery-validator.ts': validatorOf(delivery),
  'src/snapshot/generated/snapshot-validator.ts': validatorOf(snapshot),
  'src/snapshot/generated/erasure-validator.ts': validatorOf(erasure),
  'src/seal/generated/bundle-validator.ts': validatorOf(bundle),
  'src/trust/generated/trust-validator.ts': validatorOf(trust),
  'src/trust/generated/envelope-validator.ts': validatorOf(trustEnvelope),
  'src/trust/generated/pin-validator.ts': validatorOf(trustPin),
  'src/statements/generated/approval-validator.ts': validatorOf(approval),
  'src/statements/generated/policy-approval-validator.ts': validatorOf(policyApproval),
  'src/statements/generated/withdrawal-validator.ts': validatorOf(withdrawal),
  'src/statements/generated/exception-validator.ts': validatorOf(exception),
  'src/statements/generated/exception-review-validator.ts': validatorOf(exceptionReview),
  'src/statements/generated/amendment-validator.ts': validatorOf(amendment),
  'src/statements/generated/deprecation-validator.ts': validatorOf(deprecation),
  'src/statements/generated/promotion-validator.ts': validatorOf(promotion),
  'src/statements/generated/deployment-validator.ts': validatorOf(deployment),
  'src/statements/generated/reversion-validator.ts': validatorOf(reversion),
  'src/statements/generated/remediation-validator.ts': validatorOf(remediation),
  'src/approval/generated/policy-validator.ts': validatorOf(policy),
  'src/approval/generated/policy-tests-validator.ts': validatorOf(policyTests),
  'src/evidence/generated/mapping-validator.ts': validatorOf(mapping),
  'src/assembly/generated/event-validator.ts': validatorOf(events),
  'src/config/generated/config-validator.ts': validatorOf(config),
};

const check = process.argv.includes('--check');

/** Paths that differed; they are written unless it is only a check. */
const bringUpToDate = (generated: Readonly<Record<string, string>>, write: boolean): readonly string[] =>
  Object.entries(generated).flatMap(([path, text]) => {
    if (existsSync(path) && readFileSync(path, 'utf8') === text) return [];
    if (write) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return [path];
  });

// The pages are made from the sources, so the sources come first.
bringUpToDate(built, true);
const stale = [...bringUpToDate(files, !check), ...bringUpToDate(await referencePagesOf(config), !check)];
if (check && stale.length > 0) {
  console.error(`not up to date: ${stale.join(', ')}\nrun: npm run generate`);
  process.exit(1);
}
