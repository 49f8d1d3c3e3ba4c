/* The camera: opened, switched, lit, and looked at ten times a second. */

const LOOK_MILLISECONDS = 100;
const CROP_PIXELS_MAX = 720;
const REMEMBERED = "passgate-camera";

export class Camera {
  constructor(video, { onCode, decode }) {
    this.video = video;
    this.onCode = onCode;
    this.decode = decode;
    this.canvas = document.createElement("canvas");
  }

  /** Open the remembered camera, else the one on the back; raises what the browser says. */
  async open() {
    this.close();
    const remembered = localStorage.getItem(REMEMBERED);
    const wanted = { width: { ideal: 1280 }, height: { ideal: 720 } };
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        video: remembered ? { ...wanted, deviceId: { exact: remembered } } : { ...wanted, facingMode: { ideal: "environment" } },
      });
    } catch (error) {
      if (!remembered || error.name !== "OverconstrainedError") throw error;
      localStorage.removeItem(REMEMBERED);
      return this.open();
    }
    this.video.srcObject = this.stream;
    await this.video.play();
    this.look();
  }

  close() {
    clearTimeout(this.timer);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

  get track() {
    return this.stream?.getVideoTracks()[0] ?? null;
  }

  get hasTorch() {
    return Boolean(this.track?.getCapabilities?.().torch);
  }

  async light(isOn) {
    await this.track.applyConstraints({ advanced: [{ torch: isOn }] });
  }

  async others() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === "videoinput");
  }

  async switch() {
    const cameras = await this.others();
    const current = cameras.findIndex((device) => device.deviceId === this.track?.getSettings().deviceId);
    localStorage.setItem(REMEMBERED, cameras[(current + 1) % cameras.length].deviceId);
    await this.open();
  }

  async look() {
    if (this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !document.hidden) {
      const code = await this.decode(this.middle()).catch(() => null);
      if (code) this.onCode(code);
    }
    if (this.stream) this.timer = setTimeout(() => this.look(), LOOK_MILLISECONDS);
  }

  /** Return the square in the middle, which is what the person aims with. */
  middle() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const side = Math.min(width, height);
    const size = Math.min(side, CROP_PIXELS_MAX);
    this.canvas.width = this.canvas.height = size;
    const left = (width - side) / 2;
    const top = (height - side) / 2;
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.video, left, top, side, side, 0, 0, size, size);
    return this.canvas;
  }
}
