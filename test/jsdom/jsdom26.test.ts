/**
 * Oracle: a linear model, whose gradient is its weights; in jsdom 26, as Jest 30 has it.
 *
 * @jest-environment ./test/jsdom/jsdom26.js
 */
import { testInJsdom } from './behaviour.js';

testInJsdom('26');
