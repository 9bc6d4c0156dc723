/** `npx tsx examples/node-server/main.ts MODEL_FOLDER [PORT]` */
import { guessPreprocessing, loadModel } from 'tfjs-saliency/node';
import { useWasm } from '../shared/backend.js';
import { InputError, run } from '../shared/run.js';
import { explainServer } from './explainServer.js';

const [folder, port = '8080'] = process.argv.slice(2);

await run('node-server', async () => {
  if (folder === undefined) throw new InputError('MODEL_FOLDER is missing');
  await useWasm();
  const model = await loadModel(folder);
  const { preprocess, reason } = await guessPreprocessing(model, folder);
  if (preprocess === undefined) throw new InputError(`${folder}: ${reason}`);
  console.log(reason);
  explainServer({ model, preprocess }).listen(Number(port), () => {
    console.log(`POST a photo to http://localhost:${port}/explain?class=INDEX`);
  });
});
