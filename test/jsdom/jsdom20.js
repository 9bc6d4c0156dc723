import JSDOMEnvironment from '@jest/environment-jsdom-abstract';
import * as jsdom from 'jsdom-20';

/** Jest's environment for pages, by jsdom 20. */
export default class extends JSDOMEnvironment {
  constructor(config, context) {
    super(config, context, jsdom);
  }
}
