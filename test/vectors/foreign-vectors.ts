export { vectorsOf } from '../../conformance/foreign-vectors.ts';
