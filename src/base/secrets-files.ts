/** Files that are secrets by their name alone. Their name is recorded; their bytes are never stored and never hashed. */
const NAMES =
  /^(?:\.env(?:rc|\..*)?|.*\.env|\.?netrc|_netrc|\.pypirc|\.npmrc|\.yarnrc|\.pgpass|\.my\.cnf|\.mylogin\.cnf|\.htpasswd|\.git-credentials|\.dockercfg|\.dockerconfigjson|\.boto|\.s3cfg|\.passwd-s3fs|\.vault-token|\.terraformrc|terraform\.rc|\.databrickscfg|\.kaggle\.json|kaggle\.json|kubeconfig|.*\.kubeconfig|credentials?|credentials?\.(?:json|ya?ml|toml|ini|cfg|xml|txt|db|csv)|.*[_.-]credentials?(?:\.(?:json|ya?ml|toml|ini|cfg|txt))?|client_secrets?.*\.json|service[_-]?account.*\.json|application_default_credentials\.json|secrets?|secrets?\.(?:json|ya?ml|toml|ini|cfg|txt|env|properties|enc)|.*[_.-]secrets?\.(?:json|ya?ml|toml|ini|cfg|txt|properties)|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.*_(?:rsa|dsa|ecdsa|ed25519)|ssh_host_.*_key|shadow|gshadow|krb5\.keytab|.*\.(?:pem|key|p8|p12|pfx|pkcs12|jks|keystore|bcfks|kdb|kdbx|keytab|ppk|asc|gpg|ovpn|rdp|agekey|tfvars|tfstate)|.*\.tfstate\.backup|\.streamlit-secrets\.toml)$/i;

/** Public counterparts and templates whose bytes are harmless. */
const HARMLESS = /^(?:.*\.pub|\.env\.(?:example|sample|template|dist|defaults?)|(?:example|sample|template)\.env|.*\.(?:env|key|pem)\.(?:example|sample|template))$/i;

/** Folders in which every file is a secret. */
const FOLDERS =
  /(?:^|\/)(?:\.aws|\.ssh|\.gnupg|\.kube|\.docker|\.azure|\.config\/gcloud|\.config\/gh|\.config\/hub|\.huggingface|\.cache\/huggingface\/(?:token|stored_tokens)|\.kaggle|\.secrets|\.password-store|\.oci|\.databricks|\.snowflake|\.dbt\/profiles\.yml|\.streamlit\/secrets\.toml|\.terraform\.d|\.local\/share\/keyrings|run\/secrets)(?:\/|$)/i;

/** Whether a path names a file whose bytes are secret. Takes any text; a path that is no file name gives false. */
export const isSecretFile = (path: string): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (HARMLESS.test(name)) return false;
  // Names are hostile and may be long; the limit of file systems is 255 bytes.
  return NAMES.test(name.slice(0, 255)) || FOLDERS.test(path.slice(-4096));
};
