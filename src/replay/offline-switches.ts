/**
 * Variables that ask libraries to keep to themselves. They are a second wall: they also keep a program from waiting for time-outs.
 * Sources: the documentation of each library. A proxy that answers nothing stands in for every host; port 9 is discard.
 */
const SWITCHES: Readonly<Record<string, string>> = {
  HF_HUB_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  HF_DATASETS_OFFLINE: '1',
  HF_EVALUATE_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  DIFFUSERS_OFFLINE: '1',
  WANDB_MODE: 'offline',
  WANDB_SILENT: 'true',
  CLEARML_OFFLINE_MODE: '1',
  TRAINS_OFFLINE_MODE: '1',
  COMET_MODE: 'offline',
  COMET_OFFLINE: '1',
  NEPTUNE_MODE: 'offline',
  SWANLAB_MODE: 'offline',
  DAGSHUB_DISABLE: '1',
  DVC_NO_ANALYTICS: 'true',
  DVCLIVE_STUDIO_OFFLINE: 'true',
  SENTRY_DSN: '',
  DO_NOT_TRACK: '1',
  GRADIO_ANALYTICS_ENABLED: 'False',
  RAY_USAGE_STATS_ENABLED: '0',
  STREAMLIT_BROWSER_GATHER_USAGE_STATS: 'false',
  NO_ALBUMENTATIONS_UPDATE: '1',
  YOLO_OFFLINE: 'true',
  KAGGLE_PROXY: 'http://127.0.0.1:9',
  AWS_EC2_METADATA_DISABLED: 'true',
  PIP_NO_INDEX: '1',
  UV_OFFLINE: '1',
  CONDA_OFFLINE: 'true',
};

const DEAD_PROXY = 'http://127.0.0.1:9';
const PROXIES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'ALL_PROXY'];

/** Variables that name a server to which results would go; the address is replaced by a folder or taken away. */
const SERVERS = [
  'MLFLOW_REGISTRY_URI',
  'CLEARML_API_HOST',
  'CLEARML_WEB_HOST',
  'CLEARML_FILES_HOST',
  'WANDB_BASE_URL',
  'COMET_URL_OVERRIDE',
  'AIM_SERVER_DEFAULT_HOST',
  'NEPTUNE_CUSTOM_URL',
  'HF_ENDPOINT',
];

export type OfflineChoice = {
  /** Folder inside the replay for what a tracker would have sent. */
  readonly scratch: string;
  readonly allowedHosts: readonly string[];
};

/** The environment with every switch set. Hosts that a person allowed are exempt from the proxy. */
export const offlineEnvironment = (env: Readonly<Record<string, string>>, choice: OfflineChoice): Readonly<Record<string, string>> => {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !SERVERS.includes(name)));
  const exempt = choice.allowedHosts.join(',');
  return {
    ...kept,
    ...SWITCHES,
    // A recorded switch that is stricter than ours stays: a program that ran without its tracker runs without it again.
    ...(env['WANDB_MODE'] === 'disabled' ? { WANDB_MODE: 'disabled' } : {}),
    ...(env['COMET_MODE'] === 'disabled' ? { COMET_MODE: 'disabled' } : {}),
    ...(env['NEPTUNE_MODE'] === 'debug' || env['NEPTUNE_MODE'] === 'disabled' ? { NEPTUNE_MODE: env['NEPTUNE_MODE'] } : {}),
    ...Object.fromEntries(PROXIES.map((name) => [name, DEAD_PROXY])),
    no_proxy: exempt,
    NO_PROXY: exempt,
    ...trackingFolder(env['MLFLOW_TRACKING_URI'], choice.scratch),
  };
};

/** A local folder of MLflow stays as it was recorded; a server becomes a folder. */
const trackingFolder = (recorded: string | undefined, scratch: string): Readonly<Record<string, string>> =>
  recorded === undefined || !/^(https?|databricks|postgresql|mysql|mssql)/i.test(recorded) ? {} : { MLFLOW_TRACKING_URI: `file://${scratch}/mlruns` };
