/** Where results go, and photos may come from: a folder, or S3-compatible storage. */
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { writeFiles } from '../shared/files.js';
import { InputError } from '../shared/run.js';

export interface Storage {
  has(name: string): Promise<boolean>;
  read(name: string): Promise<Uint8Array>;
  /** Writes a file as a whole or not at all. */
  write(name: string, content: Uint8Array | string): Promise<void>;
}

/** @param endpoint of storage that is not Amazon's own */
export function openStorage(location: string, endpoint?: string): Storage {
  return isS3(location) ? bucketStorage(location, endpoint) : folderStorage(location);
}

export const isS3 = (location: string): boolean => location.startsWith('s3://');

function folderStorage(folder: string): Storage {
  const at = (name: string): string => path.join(folder, name);
  return {
    has: (name) =>
      access(at(name)).then(
        () => true,
        () => false,
      ),
    read: (name) => readFile(at(name)),
    async write(name, content) {
      await writeFiles(folder, { [name]: content });
    },
  };
}

function bucketStorage(location: string, endpoint?: string): Storage {
  const { bucket: Bucket, key: prefix } = parseS3(location);
  const client = clientFor(endpoint);
  const at = (name: string) => ({ Bucket, Key: prefix === '' ? name : `${prefix}/${name}` });
  return {
    has: (name) =>
      client.send(new HeadObjectCommand(at(name))).then(
        () => true,
        (error: unknown) => {
          if ((error as { name?: string }).name === 'NotFound') return false;
          throw error;
        },
      ),
    read: (name) => readObject(client, at(name)),
    async write(name, Body) {
      await client.send(new PutObjectCommand({ ...at(name), Body }));
    },
  };
}

async function readObject(
  client: S3Client,
  place: { readonly Bucket: string; readonly Key: string },
): Promise<Uint8Array> {
  const { Body } = await client.send(new GetObjectCommand(place));
  return Body!.transformToByteArray();
}

/** Reads an object by its whole address. */
export function readS3(location: string, endpoint?: string): Promise<Uint8Array> {
  const { bucket, key } = parseS3(location);
  return readObject(clientFor(endpoint), { Bucket: bucket, Key: key });
}

/** Lists the addresses of the objects that begin with `location`. */
export async function* listS3(location: string, endpoint?: string): AsyncGenerator<string> {
  const { bucket: Bucket, key: Prefix } = parseS3(location);
  const client = clientFor(endpoint);
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
    for (const { Key } of page.Contents ?? []) yield `s3://${Bucket}/${Key!}`;
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

const clients = new Map<string | undefined, S3Client>();

/** Keys come from the environment, as all tools of S3 have it: AWS_ACCESS_KEY_ID and so on. */
function clientFor(endpoint?: string): S3Client {
  let client = clients.get(endpoint);
  if (client === undefined) {
    const region = process.env.AWS_REGION ?? 'us-east-1';
    client = new S3Client({ region, ...(endpoint && { endpoint, forcePathStyle: true }) });
    clients.set(endpoint, client);
  }
  return client;
}

function parseS3(location: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(location) ?? [];
  if (bucket === undefined) throw new InputError(`${location}: not of the form s3://BUCKET/PREFIX`);
  return { bucket, key: key! };
}
