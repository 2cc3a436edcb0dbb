// A sheet that a lazily loaded script brings along: the build makes it a file of its own.
declare module "*.css";
