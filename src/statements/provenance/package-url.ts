import type { Dependencies } from '#manifest';

type Distribution = Dependencies['distributions'][number];

/**
 * The package URL of a Python distribution. Only what came from an index is named as a package of PyPI without further words; a local
 * build of the same name is not that package. Source: package-url/purl-spec, type pypi.
 */
export const packageUrl = ({ name, version, source }: Pick<Distribution, 'name' | 'version' | 'source'>): string => {
  const package_ = `${encoded(name)}@${encoded(version)}`;
  switch (source?.kind) {
    case 'local':
    case 'editable':
    case 'system':
      return `pkg:generic/${package_}`;
    case 'url':
      return `pkg:pypi/${package_}${source.url === undefined ? '' : `?download_url=${encoded(source.url)}`}`;
    case 'vcs':
      return `pkg:pypi/${package_}${source.url === undefined ? '' : `?vcs_url=${encoded(`git+${source.url}${source.commit === undefined ? '' : `@${source.commit}`}`)}`}`;
    case 'index':
    case 'unknown':
    case undefined:
      return `pkg:pypi/${package_}`;
  }
};

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
