/* What a person hears and feels, so that nobody has to look at the screen. */

const TONES = { good: [880, 1320], bad: [220, 165], seen: [660] };
const TONE_SECONDS = 0.09;
const BUZZES = { good: [40], bad: [80, 60, 80], seen: [15] };

let sound = null;

export function signal(kind) {
  navigator.vibrate?.(BUZZES[kind]);
  try {
    sound ??= new AudioContext();
    if (sound.state === "running") TONES[kind].forEach((pitch, place) => play(pitch, place));
  } catch {
    // A till without a loudspeaker is still a till.
  }
}

// Browsers let a page be heard once somebody has touched it.
addEventListener("pointerdown", () => {
  try {
    sound ??= new AudioContext();
    sound.resume();
  } catch {
    // As above.
  }
}, { once: true });

function play(pitch, place) {
  const starts = sound.currentTime + place * TONE_SECONDS;
  const voice = sound.createOscillator();
  const volume = sound.createGain();
  voice.frequency.value = pitch;
  volume.gain.setValueAtTime(0.15, starts);
  volume.gain.exponentialRampToValueAtTime(0.001, starts + TONE_SECONDS);
  voice.connect(volume).connect(sound.destination);
  voice.start(starts);
  voice.stop(starts + TONE_SECONDS);
}
