import type { Backend } from './state.js';

/** The names of a GPU that is none. */
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;

/**
 * What this browser has, the fastest first: a GPU that exists in software only is slower than
 * WebAssembly.
 */
export async function findBackends(): Promise<Backend[]> {
  const found: [Backend, isSoftware: boolean | undefined][] = [
    ['webgpu', await webgpuInSoftware()],
    ['webgl', webglInSoftware()],
  ];
  const those = (software: boolean): Backend[] =>
    found.filter((each) => each[1] === software).map(([name]) => name);
  return [...those(false), 'wasm', ...those(true), 'cpu'];
}

/** Undefined if there is none. */
async function webgpuInSoftware(): Promise<boolean | undefined> {
  const { gpu } = navigator as { gpu?: { requestAdapter: () => Promise<Adapter | null> } };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (adapter == null) return undefined;
  const { isFallbackAdapter, vendor, architecture, description } = adapter.info;
  return isFallbackAdapter === true || SOFTWARE.test(`${vendor} ${architecture} ${description}`);
}

interface Adapter {
  readonly info: {
    readonly isFallbackAdapter?: boolean;
    readonly vendor: string;
    readonly architecture: string;
    readonly description: string;
  };
}

function webglInSoftware(): boolean | undefined {
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (context === null) return undefined;
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(context.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return SOFTWARE.test(renderer);
}
