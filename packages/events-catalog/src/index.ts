export { catalogEventTypes, loadCatalogSignal } from './loader.js';
export {
  defaultProducerConfig,
  type ProducerConfigEntry,
  type ProducerConfigMap,
} from './producer-config.js';
