/** Manifests, comparisons, verdicts and outcomes as text for a terminal or as Markdown. The data itself is the JSON view. */
import type { Policy } from '#approval';
import type { Comparison, Outcome } from '#diff';
import type { Manifest } from '#manifest';
import type { Erasure, Overlap, Snapshot, SnapshotDifference } from '#snapshot';
import type { TrustPin } from '#trust';
import type { Verdict } from '#verify';
import { type ApprovalsView, approvalsPage } from './approval-pages.ts';
import { cardPage } from './card-page.ts';
import { changesPage, type ChangesView } from './changes-page.ts';
import { ciPage, type CiView } from './ci-page.ts';
import { comparisonPage } from './comparison-page.ts';
import { dataVerdictPage, type DataVerdictView, erasedBlocks, type FileProof, fileProofPage, type SnapshotRow, snapshotTable } from './data-pages.ts';
import {
  type EnteredView,
  enteredPage,
  type ExportedView,
  exportedPage,
  logPage,
  type LogVerdictView,
  logVerdictPage,
  type LogView,
  type MergedView,
  mergedPage,
  mergedTable,
  type PopulationView,
  populationPage,
  type ProvenView,
  provenPage,
  type ReconciledView,
  reconciledPage,
} from './log-pages.ts';
import { environmentDifferencePage, type EnvironmentDifferenceView } from './environment-pages.ts';
import { exceptionsPage, type ExceptionView } from './exception-pages.ts';
import { gatePage, type GateView } from './gate-page.ts';
import { historyPage, type HistoryView, type PromotionView, promotionPage, retentionPage, type RetentionView, rolloutPage, type RolloutView } from './history-pages.ts';
import { environmentPage, type EnvironmentView } from './environment-page.ts';
import { alcoaPage, type AlcoaView, coveragePage, type CoverageView, type MappingRow, mappingsPage } from './evidence-pages.ts';
import { type KeysView, keysPage } from './keys-page.ts';
import { manifestPage } from './manifest-page.ts';
import { outcomePage } from './outcome-page.ts';
import { overlapPage } from './overlap-page.ts';
import type { Page } from './page.ts';
import { type PolicyCheckView, policyCheckPage, type PolicyExplanationView, policyExplanationPage, policyPage, type PolicyTestView, policyTestPage } from './policy-pages.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderText } from './render-text.ts';
import { reviewsPage, type ReviewsView } from './review-pages.ts';
import { remediationPage, type RemediationView } from './remediation-page.ts';
import { type RunReportView, runReportPage } from './run-report-page.ts';
import { brief, type Limit, whole } from './short.ts';
import { runSummaryPage, type SealNote } from './run-summary.ts';
import { renderRunCsv } from './run-table.ts';
import { snapshotDifferenceHtml } from './snapshot-difference-html.ts';
import { snapshotDifferencePage } from './snapshot-difference-page.ts';
import { snapshotPage } from './snapshot-page.ts';
import { rootsPage, trustPage, type TrustView, trustWalkPage, type TrustWalkView } from './trust-page.ts';
import { migrationPage, type ShownRecord } from './migration-page.ts';
import { upgradePage, type UpgradeView } from './upgrade-page.ts';
import { type ValidatedFile, validationPage } from './validation-page.ts';
import { verdictPage } from './verdict-page.ts';

export { ciMarkdown } from './ci-page.ts';
export { documentLines } from './document-lines.ts';
export { gateFindings } from './gate-page.ts';
export { codeQuality } from './findings/code-quality.ts';
export { githubAnnotations, withoutGithubCommands } from './findings/github-annotations.ts';
export { junit } from './findings/junit.ts';
export type { ReportedFinding } from './findings/reported-finding.ts';
export { sarif } from './findings/sarif.ts';
export { renderMarkdown } from './render-markdown.ts';
export { renderText, widthOf } from './render-text.ts';
export { renderRunCsv, renderRunTable } from './run-table.ts';
export { styled } from './style.ts';
export type { DataVerdictView } from './data-pages.ts';
export type { ValidatedFile } from './validation-page.ts';

export type ReportOptions = {
  /** Default: text. */
  readonly format?: 'text' | 'markdown';
  /** Whether text may hold ANSI styles. Default: no. */
  readonly colour?: boolean;
};

const render = (page: Page, { format = 'text', colour = false }: ReportOptions): string => (format === 'markdown' ? renderMarkdown(page) : renderText(page, colour).trimStart());

/** One screen about a run. `sha256` is the identity of its manifest. */
export const renderManifest = (manifest: Manifest, options: ReportOptions & { readonly sha256?: string } = {}): string => render(manifestPage(manifest, options.sha256), options);

/** Four to eight lines after a run. */
export const renderRunSummary = (manifest: Manifest, options: ReportOptions & { readonly sha256: string; readonly seal?: SealNote }): string =>
  render(runSummaryPage(manifest, options.sha256, options.seal), options);

/** What differs between runs. `all` also lists context, consequences and equal things. */
export const renderComparison = (comparison: Comparison, options: ReportOptions & { readonly all?: boolean } = {}): string =>
  render(comparisonPage(comparison, options.all), options);

/** A verdict with every check. */
/** With `explain`, every check by itself, and below it exactly what it looked at. */
export const renderVerdict = (verdict: Verdict, options: ReportOptions & { readonly explain?: boolean } = {}): string => render(verdictPage(verdict, options.explain), options);

/** The problems of files that should hold manifests. */
export const renderValidation = (files: readonly ValidatedFile[], options: ReportOptions = {}): string => render(validationPage(files), options);

/** Records as another version of the schema says them. */
export const renderMigration = (records: readonly ShownRecord[], options: ReportOptions = {}): string => render(migrationPage(records), options);

/** What a replay proved. */
export const renderOutcome = (outcome: Outcome, options: ReportOptions = {}): string => render(outcomePage(outcome), options);

/** The snapshots of a project. */
export const renderSnapshotTable = (snapshots: readonly SnapshotRow[], options: ReportOptions = {}): string => render(snapshotTable(snapshots), options);

/** One file of a snapshot with its proof. */
export const renderFileProof = (file: FileProof, options: ReportOptions = {}): string => render(fileProofPage(file), options);

/** Whether data is what a snapshot says. */
export const renderDataVerdict = (verdict: DataVerdictView, options: ReportOptions = {}): string => render(dataVerdictPage(verdict), options);

/** One screen about a snapshot. `all` lists every table, column and finding. */
export const renderSnapshot = (snapshot: Snapshot, options: ReportOptions & { readonly all?: boolean; readonly erased?: readonly Erasure[] } = {}): string =>
  render([...snapshotPage(snapshot, options), ...erasedBlocks(options.erased ?? [])], options);

/** What differs between two snapshots. `all` also lists equal tables, stable columns and every example. */
export const renderSnapshotDifference = (difference: SnapshotDifference, options: ReportOptions & { readonly all?: boolean } = {}): string =>
  render(snapshotDifferencePage(difference, options.all), options);

/** What differs between two snapshots as one self-contained HTML page. */
export const renderSnapshotDifferenceHtml = (difference: SnapshotDifference): string => snapshotDifferenceHtml(difference);

/** What the parts of a data set have in common. */
export const renderOverlap = (overlap: Overlap, options: ReportOptions = {}): string => render(overlapPage(overlap), options);

/** The keys of a user. */
export const renderKeys = (keys: KeysView, options: ReportOptions = {}): string => render(keysPage(keys), options);

/** The log of a machine and what waits for it. */
export const renderLog = (log: LogView, options: ReportOptions = {}): string => render(logPage(log), options);

/** What became of leaves that waited. */
export const renderEntered = (entered: EnteredView, options: ReportOptions = {}): string => render(enteredPage(entered), options);

/** The leaves of a run and their proofs. */
export const renderProven = (proven: ProvenView, options: ReportOptions = {}): string => render(provenPage(proven), options);

/** Whether a log is whole. */
export const renderLogVerdict = (verdict: LogVerdictView, options: ReportOptions = {}): string => render(logVerdictPage(verdict), options);

/** A copy of a log, and whether it is whole. */
export const renderExported = (exported: ExportedView, options: ReportOptions = {}): string => render(exportedPage(exported), options);

/** All events of some kinds between two checkpoints. */
export const renderPopulation = (population: PopulationView, options: ReportOptions = {}): string => render(populationPage(population), options);

/** What ran, and what of it has a record. */
export const renderReconciled = (reconciled: ReconciledView, options: ReportOptions = {}): string => render(reconciledPage(reconciled), options);

/** The logs of a team as one list. */
export const renderMerged = (merged: MergedView, options: ReportOptions = {}): string => render(mergedPage(merged), options);

/** The same as CSV. */
export const renderMergedCsv = (merged: MergedView): string => renderRunCsv(mergedTable(merged));

/** How a trust file stands here, and what it says. */
export const renderTrust = (view: TrustView, options: ReportOptions = {}): string => render(trustPage(view), options);

/** The walk from the pinned roots to the newest version of a trust file. */
export const renderTrustWalk = (view: TrustWalkView, options: ReportOptions = {}): string => render(trustWalkPage(view), options);

/** The roots of a trust file, to be compared by voice. */
export const renderRoots = (roots: TrustPin['roots'], threshold: number, options: ReportOptions = {}): string => render(rootsPage(roots, threshold), options);

/** The roles and rules of a policy. */
export const renderPolicy = (path: string, policy: Policy, options: ReportOptions = {}): string => render(policyPage(path, policy), options);

/** Whether a policy can do what it says. */
export const renderPolicyCheck = (check: PolicyCheckView, options: ReportOptions = {}): string => render(policyCheckPage(check), options);

/** What a policy answered to its cases. */
export const renderPolicyTest = (tested: PolicyTestView, options: ReportOptions = {}): string => render(policyTestPage(tested), options);

/** What a policy asks for between two runs. */
export const renderPolicyExplanation = (explained: PolicyExplanationView, options: ReportOptions = {}): string => render(policyExplanationPage(explained), options);

/** The approvals of a project. */
export const renderApprovals = (view: ApprovalsView, options: ReportOptions = {}): string => render(approvalsPage(view), options);

/** The environment of a run. `all` also lists packages that it did not need, and every library. */
export const renderEnvironment = (view: EnvironmentView, options: ReportOptions & { readonly all?: boolean } = {}): string => render(environmentPage(view, options.all), options);

/** The environment of a run against another one. */
export const renderEnvironmentDifference = (view: EnvironmentDifferenceView, options: ReportOptions = {}): string => render(environmentDifferencePage(view), options);

/** An update of packages, and what it did to a run. */
export const renderUpgrade = (view: UpgradeView, options: ReportOptions = {}): string => render(upgradePage(view), options);

/** What runs in spite of what the gate finds. */
export const renderExceptions = (listed: readonly ExceptionView[], options: ReportOptions = {}): string => render(exceptionsPage(listed), options);

/** What somebody must look at again. */
export const renderReviews = (view: ReviewsView, options: ReportOptions = {}): string => render(reviewsPage(view), options);

/** May a model run in an environment. */
export const renderGate = (view: GateView, options: ReportOptions = {}): string => render(gatePage(view), options);

/** What environments run. */
export const renderRollout = (view: RolloutView, options: ReportOptions = {}): string => render(rolloutPage(view), options);

/** What a promotion would do. */
export const renderPromotion = (view: PromotionView, options: ReportOptions = {}): string => render(promotionPage(view), options);

/** Who changed what, when and why. */
export const renderHistory = (view: HistoryView, options: ReportOptions = {}): string => render(historyPage(view), options);

/** What must be kept, until when and why. */
export const renderRetention = (view: RetentionView, options: ReportOptions = {}): string => render(retentionPage(view), options);

/** How a page for people may look. */
export type PageOptions = {
  readonly format: 'text' | 'md' | 'html';
  readonly colour?: boolean;
  /** Whether no text and no list is cut: for a file. The HTML about a run stays one sheet of paper. */
  readonly isWhole?: boolean;
};

const limitOf = ({ isWhole = false }: PageOptions): Limit => (isWhole ? whole : brief);

const renderPage = (page: Page, title: string, { format, colour = false, isSheet = false }: PageOptions & { readonly isSheet?: boolean }): string =>
  format === 'html' ? renderHtml(page, title, isSheet) : render(page, { format: format === 'md' ? 'markdown' : 'text', colour });

/** One page about a run. */
export const renderRunReport = (report: RunReportView, options: PageOptions): string => {
  const { run } = report.facts.manifest;
  return renderPage(runReportPage(report, options.format === 'html' ? brief : limitOf(options)), `Training run ${run.name ?? run.id.slice(0, 8)}`, { ...options, isSheet: true });
};

/** What differs between runs, for people who do not use a terminal. */
export const renderComparisonReport = (comparison: Comparison, options: PageOptions & { readonly all?: boolean }): string =>
  renderPage(
    [{ kind: 'paragraph', line: [{ text: 'What differs between training runs', tone: 'strong' }] }, ...comparisonPage(comparison, options.all)],
    'What differs between training runs',
    options,
  );

/** What a run has to show for a framework. */
export const renderCoverage = (coverage: CoverageView, options: PageOptions): string =>
  renderPage(coveragePage(coverage, limitOf(options)), `${coverage.map.title}: evidence`, options);

/** The principles of ALCOA+ for a record. */
export const renderAlcoa = (report: AlcoaView, options: PageOptions): string => renderPage(alcoaPage(report, limitOf(options)), 'ALCOA+', options);

/** The compliance maps that came with trainlock. */
export const renderMappings = (maps: readonly MappingRow[], options: ReportOptions = {}): string => render(mappingsPage(maps), options);

/** What a model card says of a run in words, as Markdown without a last line feed. */
export const renderCardBody = (report: Pick<RunReportView, 'facts' | 'answers'>): string => renderMarkdown(cardPage(report));

/** What mends the findings of the gate, or what was done of it. */
export const renderRemediation = (view: RemediationView, options: ReportOptions = {}): string => render(remediationPage(view), options);

/** Whether the documents that a change of the repository touches are whole. */
export const renderChanges = (view: ChangesView, options: ReportOptions = {}): string => render(changesPage(view), options);

/** What CI found in a change, and by whose rules. */
export const renderCi = (view: CiView, options: ReportOptions = {}): string => render(ciPage(view), options);
