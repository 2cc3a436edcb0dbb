// The application of the NestJS examples. Node runs it unbuilt and knows no decorators, so that they are applied
// as functions here; yours has `@Controller("users")` and so on.

import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";

class UsersController {
  list(): readonly { readonly name: string }[] {
    return [{ name: "Ada" }];
  }
}
Controller("users")(UsersController);
const { prototype } = UsersController;
Get()(prototype, "list", Object.getOwnPropertyDescriptor(prototype, "list")!);

// oxlint-disable-next-line typescript/no-extraneous-class -- a module of Nest is an empty class
export class AppModule {}
Module({ controllers: [UsersController] })(AppModule);
