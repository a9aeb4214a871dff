import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { INestApplication } from '@nestjs/common';
import { SOFTWARE_VERSION } from '../../version.js';

/** The OpenAPI description of the REST wires, made from the code. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('wetread')
    .setDescription('DICOM studies in, preliminary FHIR diagnostic reports out. GraphQL is described by its own schema at /graphql.')
    .setVersion(SOFTWARE_VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .build();
  return SwaggerModule.createDocument(app, config);
}

/** Serves the API documentation at /docs, its assets from the package. */
export function setUpDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), { jsonDocumentUrl: 'docs/openapi.json', customSiteTitle: 'wetread API' });
}
