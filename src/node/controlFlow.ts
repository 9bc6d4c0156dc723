/** Control flow in graph models, which TensorFlow.js runs asynchronously only. */
import { FileError } from './fileError.js';

const OPS =
  /^(Switch|Merge|Enter|Exit|NextIteration|LoopCond|(Stateless)?(While|If|Case)|TensorList\w+)$/;

/** @throws FileError for a graph that no gradient goes through. */
export function checkControlFlow(file: string, topology: object): void {
  const { node: nodes = [] } = topology as { node?: unknown };
  if (!Array.isArray(nodes)) throw new FileError(file, 'a graph whose nodes are no list');
  const found = (nodes as ({ name: string; op: string } | null)[]).find(
    (node) => node !== null && OPS.test(node.op),
  );
  if (found == null) return;
  throw new FileError(
    file,
    `a graph with control flow (${found.op}, at node '${found.name}'), through which ` +
      'TensorFlow.js has no gradient; convert the classifier without it ' +
      '(https://www.tensorflow.org/js/guide/conversion), or load it by ' +
      'loadGraphModel(modelFolder(path)) and explain a node before it with the option output',
  );
}
