import type { Manifest } from '#manifest';

/** Distributions that bring numeric libraries, and what to import so that these are loaded. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  numpy: ['numpy', 'numpy.linalg'],
  scipy: ['scipy.linalg'],
  'scikit-learn': ['sklearn', 'sklearn.utils._openmp_helpers'],
  pandas: ['pandas'],
  joblib: ['joblib'],
  torch: ['torch'],
  xgboost: ['xgboost'],
  lightgbm: ['lightgbm'],
  numexpr: ['numexpr'],
};

/** The numeric modules that a run imported: those of a list that is fixed, so that a record cannot name code to be run. */
export const importedNumericModules = ({ dependencies }: Pick<Manifest, 'dependencies'>): readonly string[] => {
  const imported = new Set(dependencies.distributions.flatMap(({ name, imported: was }) => (was === true ? [name] : [])));
  return Object.entries(MODULES).flatMap(([name, modules]) => (imported.has(name) ? modules : []));
};
