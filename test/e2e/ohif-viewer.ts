import { existsSync, readFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `npm run outside-clients` puts the prebuilt viewer. */
const OHIF = fileURLToPath(new URL('../../../.cache/ohif-3.13.2/dist/', import.meta.url));
export const ohifIsHere = existsSync(join(OHIF, 'index.html'));

const MEDIA_TYPE: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** OHIF as a hospital would serve it: its files, with our DICOMweb at the same origin by a reverse proxy, or at its own address. */
export class OhifViewer {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param dicomWeb  where the viewer finds DICOMweb: `/dicom-web` here is handed on to `wetread`; an absolute URL is asked by the browser itself */
  static async serve(wetread: string, dicomWeb = '/dicom-web'): Promise<OhifViewer> {
    const config = `window.config = ${JSON.stringify(configuration(dicomWeb))};`;
    const server = createServer((asked, answer) => {
      const path = new URL(asked.url ?? '/', 'http://viewer').pathname;
      if (path.startsWith('/dicom-web')) handOn(asked, answer, wetread);
      else if (path === '/app-config.js') answer.setHeader('content-type', MEDIA_TYPE['.js']).end(config);
      else sendFile(path, answer);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new OhifViewer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** What OHIF's manual asks for of a DICOMweb server that speaks all of it: no workaround is switched on. */
const configuration = (dicomWeb: string) => ({
  routerBasename: '/',
  extensions: [],
  modes: [],
  showStudyList: true,
  maxNumberOfWebWorkers: 2,
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: false,
  investigationalUseDialog: { option: 'never' },
  defaultDataSourceName: 'wetread',
  dataSources: [
    {
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
      sourceName: 'wetread',
      configuration: {
        friendlyName: 'wetread',
        name: 'wetread',
        qidoRoot: dicomWeb,
        wadoRoot: dicomWeb,
        wadoUriRoot: dicomWeb,
        qidoSupportsIncludeField: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        imageRendering: 'wadors',
        thumbnailRendering: 'wadors',
        enableStudyLazyLoad: true,
        bulkDataURI: { enabled: true },
      },
    },
  ],
});

/** A single-page application: what is no file of its own is a route of the viewer. */
function sendFile(path: string, answer: ServerResponse): void {
  const file = join(OHIF, normalize(path));
  const found = path !== '/' && existsSync(file) ? file : join(OHIF, 'index.html');
  answer.setHeader('content-type', MEDIA_TYPE[extname(found)] ?? 'application/octet-stream').end(readFileSync(found));
}

function handOn(asked: IncomingMessage, answer: ServerResponse, wetread: string): void {
  const onward = request(`${wetread}${asked.url}`, { method: asked.method, headers: asked.headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  answer.on('close', () => onward.destroy());
  asked.pipe(onward);
}
