/** The policy of a project as it is understood. */
export { policyHere as showPolicy } from './policy/policy-file.ts';
