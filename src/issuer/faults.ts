import { Fault } from '../faults.js';

/** The name and the password do not belong together, or the one-time code is wrong or missing; it is told to nobody which. */
export class WrongCredentials extends Fault {
  readonly code = 'wrong-credentials';
  readonly status = 401;

  constructor() {
    super('User name, password or one-time code is wrong, or the code is missing.');
  }
}

/** Too many logins under this name failed: nobody may try again yet, with whatever password. */
export class TooManyLogins extends Fault {
  readonly code = 'too-many-logins';
  readonly status = 429;

  constructor(readonly retryAfterSeconds: number) {
    super('Too many logins under this name have failed. Try again later.');
  }
}

/** More people log in at once than passwords can be checked. */
export class LoginsBusy extends Fault {
  readonly code = 'logins-busy';
  readonly status = 503;

  constructor() {
    super('Too many people log in at the moment. Try again shortly.');
  }
}

/** A password that must not be one. */
export class UnfitPassword extends Fault {
  readonly code = 'unfit-password';
  readonly status = 422;

  constructor(leastLength: number, mostLength: number) {
    super(`A password has ${leastLength} to ${mostLength} characters and is not the user name.`);
  }
}

/** A property of an account or a client that can't be so. */
export class UnfitProperty extends Fault {
  readonly code = 'unfit-property';
  readonly status = 422;

  constructor(
    readonly property: string,
    why: string,
  ) {
    super(`${property} ${why}.`);
  }
}

/** The user name is taken. */
export class UsernameTaken extends Fault {
  readonly code = 'username-taken';
  readonly status = 409;

  constructor() {
    super('There is an account of this user name.');
  }
}

export class AccountAbsent extends Fault {
  readonly code = 'account-absent';
  readonly status = 404;

  constructor() {
    super('There is no such account.');
  }
}

export class ClientAbsent extends Fault {
  readonly code = 'client-absent';
  readonly status = 404;

  constructor() {
    super('There is no client of this id.');
  }
}

/** The client id is taken. */
export class ClientIdTaken extends Fault {
  readonly code = 'client-id-taken';
  readonly status = 409;

  constructor() {
    super('There is a client of this id.');
  }
}

/** The last administrator must stay one: nobody else could make another. */
export class LastAdministrator extends Fault {
  readonly code = 'last-administrator';
  readonly status = 409;

  constructor() {
    super('This is the last administrator: make another one first.');
  }
}

/** The code for the first account is wrong, or there is an account already. */
export class WrongFirstAdminCode extends Fault {
  readonly code = 'wrong-first-admin-code';
  readonly status = 403;

  constructor() {
    super('The code is wrong, or it was used already.');
  }
}

/** A step of setting up the second factor that was not begun, or too long ago. */
export class EnrolmentAbsent extends Fault {
  readonly code = 'enrolment-absent';
  readonly status = 410;

  constructor() {
    super('Setting up the one-time codes took too long. Begin again.');
  }
}

/** What a launch shall be about is another patient's than the launch: an app would show one patient's data as the other's. */
export class LaunchOfTwoPatients extends Fault {
  readonly code = 'launch-of-two-patients';
  readonly status = 422;

  constructor(type: 'Encounter' | 'ImagingStudy') {
    super(`The ${type} is not of the Patient whom the launch is about.`);
  }
}

/** An EHR launch that was not begun here, is over, or is another client's or organisation's. */
export class LaunchAbsent extends Fault {
  readonly code = 'launch-absent';
  readonly status = 404;

  constructor() {
    super('There is no such launch, or it has been used or expired.');
  }
}

/** An organisation's accounts are its administrators' to make; from without only an administrator is made, of one that has none. */
export class OrganisationAdministered extends Fault {
  readonly code = 'organisation-administered';
  readonly status = 403;

  constructor() {
    super(
      'Accounts of an organisation are made by its own administrators; where it has none, one of role administrator alone is made here.',
    );
  }
}

export class OrganisationAbsent extends Fault {
  readonly code = 'organisation-absent';
  readonly status = 404;

  constructor() {
    super('There is no organisation of this id.');
  }
}

/** The name is taken. */
export class OrganisationNameTaken extends Fault {
  readonly code = 'organisation-name-taken';
  readonly status = 409;

  constructor() {
    super('There is an organisation of this name.');
  }
}
