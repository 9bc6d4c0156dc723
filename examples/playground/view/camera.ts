/** A photo of the user's camera, which is on only while its dialog is open. */
import type { Actions } from '../actions.js';
import { find } from './elements.js';

export function mountCamera(actions: Actions): void {
  const dialog = find<HTMLDialogElement>('#camera');
  const video = find<HTMLVideoElement>('video', dialog);
  const shutter = find<HTMLButtonElement>('#shutter');

  async function open(): Promise<void> {
    if (navigator.mediaDevices === undefined)
      throw new Error('a camera needs a page of https or localhost');
    const stream = await navigator.mediaDevices
      .getUserMedia({ video: { width: { ideal: 1024 } } })
      .catch((error: unknown) => {
        throw new Error(`no camera: ${(error as Error).message}`, { cause: error });
      });
    video.srcObject = stream;
    shutter.disabled = true;
    dialog.showModal();
    await video.play();
    shutter.disabled = false;
  }

  find('#open-camera').addEventListener('click', () => void actions.attempt('camera', open));
  shutter.addEventListener('click', () => {
    void actions.attempt('camera', async () => {
      const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
      canvas.getContext('2d')!.drawImage(video, 0, 0);
      const photo = await canvas.convertToBlob();
      dialog.close();
      void actions.openPhoto(photo, 'camera.png', 'Your photo of the camera');
    });
  });
  find('#close-camera').addEventListener('click', () => {
    dialog.close();
  });
  dialog.addEventListener('close', () => {
    for (const track of (video.srcObject as MediaStream | null)?.getTracks() ?? []) track.stop();
    video.srcObject = null;
  });
}
