export { exportClusterConfig } from "./export-cluster-config.ts";
export {
  EXPORT_FORMATS,
  type Exported,
  type ExportedFile,
  type ExportFormat,
  type ExportOptions,
} from "./exported.ts";
