/* Finds QR codes in pictures: the browser's own detector where it really works, else ours. */

const FORMATS = ["qr_code"];
const SELF_TEST_CODE = "LC1-SELFTEST";

const vendor = (name) => new URL(`../vendor/${name}`, import.meta.url).href;

/** Return `detect(picture)`, which resolves to the first code's text, or null. */
export async function openDecoder() {
  const detector = (await native()) ?? (await ponyfill());
  return async (picture) => {
    const found = await detector.detect(picture);
    return found.find((code) => code.rawValue)?.rawValue ?? null;
  };
}

async function native() {
  try {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats();
    if (!formats?.includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: FORMATS });
    return (await passesSelfTest(detector)) ? detector : null;
  } catch {
    return null;
  }
}

// Some browsers announce a detector that finds nothing.
async function passesSelfTest(detector) {
  const picture = new Image();
  picture.src = new URL("self_test.svg", import.meta.url).href;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 300;
  canvas.getContext("2d").drawImage(picture, 0, 0, 300, 300);
  const found = await detector.detect(canvas);
  return found.some((code) => code.rawValue === SELF_TEST_CODE);
}

async function ponyfill() {
  await loadScript(vendor("barcode-detector.js"));
  const { BarcodeDetector: Detector, prepareZXingModule } = globalThis.BarcodeDetectionAPI;
  const locateFile = (path, prefix) => (path.endsWith(".wasm") ? vendor("zxing_reader.wasm") : prefix + path);
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return new Detector({ formats: FORMATS });
}

function loadScript(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = resolve;
    script.onerror = () => reject(new Error("the scanner could not be loaded"));
    document.head.append(script);
  });
}
